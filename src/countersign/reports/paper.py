"""Draws a generated paper as one page: the public register, the notice, the record of processing."""

from importlib import resources

from countersign.governance.papers import Paper

_PAGES = resources.files("countersign.reports") / "pages"


def to_html(paper: Paper) -> str:
    """Draw a paper as one self-contained page without a script; what people wrote never becomes markup."""
    import jinja2  # noqa: PLC0415  the facts alone must import fast

    pages = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.from_string((_PAGES / "paper.html").read_text(encoding="utf-8")).render(paper=paper)
