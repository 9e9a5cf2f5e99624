import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from countersign.governance.programme import ProgrammeKind
from countersign.operations.report_facts import PictureRole
from countersign.outcome.caveat import CAVEAT
from countersign.reports.render import to_html, to_pdf
from tests.archive_files import check_archive_file
from tests.reports.sample_reports import basis, lead_report, picture, search_report

MARKUP = '#eval("1+1") <script>alert(1)</script> $x^2$ *bold* _it_ [a] \\u{41} @ref {{ 7 * 7 }} "quoted" // gone'


class Outline(HTMLParser):
    """Collects what a reader without sight relies on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_stands_alone_and_runs_nothing() -> None:
    page = to_html(lead_report(), (picture(), picture(PictureRole.REFERENCE, kind="JPEG")))
    outline = Outline(page)
    assert not {"script", "link", "iframe", "object", "form"} & set(outline.tags)
    assert not re.search(r"https?://|url\(|@import", page)
    sources = [attributes["src"] for tag, attributes in outline.attributes if tag == "img"]
    assert [str(source)[:22] for source in sources] == ["data:image/png;base64,", "data:image/jpeg;base64"]


def test_a_page_can_be_read_aloud() -> None:
    outline = Outline(to_html(lead_report(), (picture(caption="Still 1"),)))
    attributes = outline.attributes
    assert ("html", {"lang": "en-GB"}) in attributes
    assert outline.tags.count("h1") == 1
    assert all(found.get("scope") in {"row", "col"} for tag, found in attributes if tag == "th")
    assert [found.get("alt") for tag, found in attributes if tag == "img"] == ["Still 1"]
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_caveat_comes_before_every_fact_and_facts_before_opinions() -> None:
    text = Outline(to_html(lead_report())).text
    places = [text.index(part) for part in (CAVEAT, "Possible lead\n", "Opinions of the examiners")]
    assert places == sorted(places)


def test_what_people_wrote_is_shown_as_they_wrote_it() -> None:
    report = lead_report(basis(purpose=MARKUP), name=MARKUP, against=MARKUP)
    outline = Outline(to_html(report, (picture(caption=MARKUP),)))
    assert outline.text.count(MARKUP) == 4
    assert "script" not in outline.tags


@pytest.mark.parametrize("kind", list(ProgrammeKind))
def test_the_watermark_is_on_the_page_unless_it_is_production(kind: ProgrammeKind) -> None:
    page = to_html(search_report(basis(kind)))
    assert ('class="watermark"' in page) is (kind is not ProgrammeKind.PRODUCTION)


def test_the_pdf_is_an_archive_file_and_always_the_same() -> None:
    report, pictures = lead_report(), (picture(), picture(PictureRole.REFERENCE, kind="JPEG"))
    pdf = to_pdf(report, pictures)
    check_archive_file(pdf)
    assert b"Possible lead from a face search" in pdf
    assert pdf == to_pdf(report, pictures)
    assert pdf != to_pdf(search_report(), pictures[:1])


@pytest.mark.parametrize(
    "text", [MARKUP, "#panic()", '#read("/etc/passwd")', "]", "*/", "\\", "\x00", "x\ny", "日本語 ✓"]
)
def test_no_text_of_a_person_is_read_as_markup_by_the_pdf_compiler(text: str) -> None:
    # Were it read, these would stop the compiler, and a name could write any report.
    pdf = to_pdf(lead_report(basis(purpose=text), name=text, against=text), (picture(caption=text),))
    assert pdf.startswith(b"%PDF-1.7")


def test_a_search_that_listed_nobody_has_a_pdf_too() -> None:
    assert to_pdf(search_report(basis(ProgrammeKind.PRODUCTION))).startswith(b"%PDF-1.7")


def test_every_character_that_is_passed_on_can_be_drawn() -> None:
    blocks = [range(0x20, 0x500), range(0x1E00, 0x1F00), range(0x2000, 0x2300)]
    text = "".join(chr(number) for block in blocks for number in block)
    assert to_pdf(lead_report(basis(purpose=text), name=text)).startswith(b"%PDF-1.7")
