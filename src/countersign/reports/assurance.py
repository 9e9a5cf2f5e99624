"""Draws the catalogue of requirements as one page."""

from importlib import resources

from countersign.assurance.catalogue import Assurance

_PAGES = resources.files("countersign.reports") / "pages"


def to_html(read: Assurance) -> str:
    """Draw the rows as one self-contained page without a script."""
    import jinja2  # noqa: PLC0415  the facts alone must import fast

    pages = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.from_string((_PAGES / "assurance.html").read_text(encoding="utf-8")).render(read=read)
