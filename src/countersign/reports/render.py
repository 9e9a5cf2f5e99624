"""Draws a report as one HTML file or one PDF. Text that people wrote is data in both and never becomes markup."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from countersign.operations.report_facts import AnyReport, Picture
from countersign.reports.document import Part
from countersign.reports.layout import document

if TYPE_CHECKING:
    import jinja2

# What the fonts that typst carries can draw: Latin, marks, Greek, Cyrillic, punctuation, currencies, arrows, operators.
_DRAWN = (
    *(range(0x20, 0x7F), range(0xA0, 0x250), range(0x300, 0x500), range(0x1E00, 0x1F00), range(0x2010, 0x2041)),
    *(range(0x20A0, 0x20C0), range(0x2190, 0x2300)),
)
_PAGES = resources.files("countersign.reports") / "pages"


@cache
def _html_page() -> "jinja2.Template":
    import jinja2  # noqa: PLC0415  the facts alone must import fast

    pages = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.from_string((_PAGES / "report.html").read_text(encoding="utf-8"))


def to_html(report: AnyReport, pictures: Sequence[Picture] = ()) -> str:
    """Draw a report as one self-contained page without a script.

    Raises:
        PictureError: A reference picture in a search report.
    """
    shown = [
        {"caption": one.caption, "source": f"data:{one.media_type};base64,{base64.b64encode(one.data).decode('ascii')}"}
        for one in pictures
    ]
    return _html_page().render(page=document(report, pictures), parts=tuple(Part), pictures=shown)


def to_pdf(report: AnyReport, pictures: Sequence[Picture] = ()) -> bytes:
    """Draw a report as PDF/A-2a, tagged for screen readers. The same report gives the same bytes.

    Raises:
        PictureError: A reference picture in a search report.
    """
    import typst  # noqa: PLC0415  60 MB of compiler

    # As numbers, in memory: the compiler takes pictures from files otherwise, and these must not lie on a disk.
    shown = [{"caption": one.caption, "data": list(one.data)} for one in pictures]
    made = report.made_at.timetuple()[:6]
    facts = asdict(document(report, pictures)) | {"pictures": shown, "parts": list(Part), "made": made}
    pdf: bytes = typst.compile(
        (_PAGES / "report.typ").read_bytes(),
        format="pdf",
        sys_inputs={"report": json.dumps(drawable(facts))},
        pdf_standards="a-2a",
        ignore_system_fonts=True,
        timestamp=int(report.made_at.timestamp()),
    )
    return pdf


def drawable(value: object) -> object:
    """Give the facts with the number of a character in brackets where the PDF's fonts have no glyph for it.

    Such a character would stop the compiler: an archive file may not leave one out unseen.
    """
    match value:
        case str():
            return "".join(one if _is_drawn(one) else f"[U+{ord(one):04X}]" for one in value)
        case dict():
            return {name: drawable(item) for name, item in value.items()}
        case list() | tuple() if value and not isinstance(value[0], int):
            return [drawable(item) for item in value]
        case _:
            return value


def _is_drawn(character: str) -> bool:
    known = character.isprintable() or character == "\u00a0"
    return character == "\n" or (known and any(ord(character) in block for block in _DRAWN))
