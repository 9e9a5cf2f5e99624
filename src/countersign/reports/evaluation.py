"""Draws an evaluation as one HTML file or one PDF."""

import base64
import json
from datetime import datetime
from importlib import resources

from countersign.reports.evaluation_document import EvaluationDocument
from countersign.reports.render import drawable

_PAGES = resources.files("countersign.reports") / "pages"


def to_html(page: EvaluationDocument) -> str:
    """Draw a report as one self-contained page without a script."""
    import jinja2  # noqa: PLC0415  the facts alone must import fast

    pages = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters["png"] = lambda data: f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
    return pages.from_string((_PAGES / "evaluation.html").read_text(encoding="utf-8")).render(page=page)


def to_pdf(page: EvaluationDocument, made_at: datetime) -> bytes:
    """Draw a report as PDF/A-2a, tagged for screen readers. The same report gives the same bytes."""
    import typst  # noqa: PLC0415  60 MB of compiler

    plots = [plot for chapter in page.chapters for plot in chapter.plots]
    facts = {
        "title": page.title,
        "subtitle": page.subtitle,
        "footer": page.footer,
        "keys": [[one.figure, one.says, one.rests_on] for one in page.keys],
        "findings": page.findings,
        "limits": page.limits,
        "made": made_at.timetuple()[:6],
        "chapters": [
            {
                "heading": chapter.heading,
                "text": chapter.text,
                "plots": [{"caption": one.caption, "alt": one.alt, "at": plots.index(one)} for one in chapter.plots],
                "sheets": [
                    {"caption": one.caption, "headings": one.headings, "rows": one.rows} for one in chapter.sheets
                ],
            }
            for chapter in page.chapters
        ],
    }
    pdf: bytes = typst.compile(
        (_PAGES / "evaluation.typ").read_bytes(),
        format="pdf",
        sys_inputs={"report": json.dumps(drawable(facts)), "plots": json.dumps([list(one.png) for one in plots])},
        pdf_standards="a-2a",
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()),
    )
    return pdf
