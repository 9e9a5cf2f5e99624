"""What is given out as PDF is an archive file, and the check would notice if it were not."""

import pytest

from countersign.governance.programme import ProgrammeKind
from countersign.reports.render import to_pdf
from tests.archive_files import check_archive_file
from tests.reports.sample_reports import basis, lead_report, picture, search_report


@pytest.fixture(scope="module")
def lead() -> bytes:
    return to_pdf(lead_report(), (picture(),))


@pytest.mark.parametrize("kind", [ProgrammeKind.DEMONSTRATION, ProgrammeKind.PRODUCTION])
def test_a_result_is_an_archive_file_with_and_without_a_watermark(kind: ProgrammeKind):
    pdf = to_pdf(search_report(basis(kind)))

    check_archive_file(pdf)
    assert len(pdf) > 1000


def test_what_people_wrote_is_not_taken_for_something_that_acts():
    pdf = to_pdf(lead_report(name="/JavaScript /Encrypt << /JS (1) >>"))

    check_archive_file(pdf)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("held", "instead"),
    [
        (b"pdfaid:conformance>A<", b"pdfaid:conformance>B<"),
        (b"pdfaid:part>2<", b"pdfaid:part>3<"),
        (b"/Lang(en-GB)", b"/Lang(de-DE)"),
        (b"/Marked true", b"/Marked fals"),
        (b"/FontFile3 ", b"/FontFilx3 "),
        (b"/Info ", b"/Encrypt "),
        (b"/Outlines ", b"/OpenAction "),
        (b"/OutputIntents", b"/OutputIntenta"),
    ],
)
def test_a_file_that_lacks_one_of_it_is_noticed(lead: bytes, held: bytes, instead: bytes):
    assert held in lead
    with pytest.raises(AssertionError):
        check_archive_file(lead.replace(held, instead))
