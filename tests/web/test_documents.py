"""Downloads: each goes to somebody named, is recorded, and is an archive with a signed PDF."""

import io
import zipfile

import pytest
from httpx import Response

from countersign.ledger.document import check_document
from countersign.ledger.note import VerifierKey
from countersign.operations.report_schedule import ScheduleLine
from countersign.web.documents import fields_of_line, plain_cell
from tests.operations.scene import everyone
from tests.web.browsing import Browser, Fields
from tests.web.test_decisions import AUTHORISE, decide
from tests.web.test_requester import ask

WHO = "K. Marsh, Crown Prosecution Service"


@pytest.fixture
def searched(browser: Browser) -> str:
    """A request that was searched and examined twice. Gives its id."""
    request = ask(browser).rsplit("/", 1)[1]
    browser.sign_in("officer")
    decide(browser, request, AUTHORISE)
    browser.scene.casework.search(request)  # type: ignore[arg-type]
    for who in ("operator", "examiner"):
        browser.scene.casework.review(request, who, everyone)  # type: ignore[arg-type]
    return request


def check_packed(browser: Browser, answer: Response) -> None:
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as held:
        (pdf,) = (name for name in held.namelist() if name.endswith(".pdf"))
        how = held.read("HOW-TO-CHECK.txt").decode()
        key = VerifierKey.parse(how.strip().rsplit("\n", 1)[1].strip())
        check_document(held.read(pdf), held.read(f"{pdf}.sig"), key)
    assert browser.scene.last().kind == "report.disclosed"


@pytest.mark.parametrize(("who", "page"), [("requester", "/requests/{}"), ("officer", "/decisions/{}")])
def test_request_and_result_are_downloaded_signed(browser: Browser, searched: str, who: str, page: str):
    browser.sign_in(who)
    place = page.format(searched)
    assert "Download the result" in browser.get(place).text
    for document in ("request", "result"):
        fields: Fields = {"document": document, "recipient": WHO}
        check_packed(browser, browser.post(f"/documents/{searched}", fields, page=place))


def test_without_a_recipient_or_a_known_document_nothing_is_given_out(browser: Browser, searched: str):
    browser.sign_in("requester")
    place = f"/requests/{searched}"

    assert browser.post(f"/documents/{searched}", {"document": "request"}, page=place).status_code == 422
    assert browser.post(f"/documents/{searched}", {"document": "list"}, page=place).status_code == 404


def test_a_released_lead_is_downloaded_by_its_recipient(browser: Browser, searched: str):
    lead = browser.scene.casework.show(searched).lead  # type: ignore[arg-type]
    assert lead is not None
    browser.scene.casework.reconfirm(lead)
    browser.scene.casework.release(lead)
    browser.sign_in("requester")

    answer = browser.post(f"/documents/{searched}", {"document": "lead"}, page=f"/requests/{searched}/lead")
    check_packed(browser, answer)


@pytest.mark.row("REP-05")
def test_a_disclosure_officer_downloads_lines_and_charts(browser: Browser, searched: str):
    browser.sign_in("disclosure")
    assert browser.get("/disclosure").status_code == 200
    page = browser.post("/disclosure", {"case_reference": "CASE/2026/0117"}).text
    assert "First opinion on A" in page
    lines = browser.post(
        "/disclosure/schedule", {"case_reference": "CASE/2026/0117", "recipient": WHO}, page="/disclosure"
    )
    assert lines.headers["content-type"].startswith("text/csv")
    assert lines.text.splitlines()[0] == ",".join(fields_of_line())
    assert len(lines.text.splitlines()) == 2
    fields: Fields = {"document": "chart", "chart": "first.A", "recipient": WHO}
    check_packed(browser, browser.post(f"/documents/{searched}", fields, page="/disclosure"))


@pytest.mark.parametrize(
    ("case", "message"), [("", "Enter the case reference"), ("CASE/none", "expected the reference")]
)
def test_a_case_that_is_not_held_is_told(browser: Browser, case: str, message: str):
    browser.sign_in("disclosure")
    answer = browser.post("/disclosure", {"case_reference": case})

    assert answer.status_code == 422
    assert message in answer.text


def test_whoever_is_no_disclosure_officer_is_led_away(browser: Browser):
    browser.sign_in("requester")

    assert browser.get("/disclosure").status_code == 403


@pytest.mark.parametrize(("value", "cell"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("CTV/1", "CTV/1"), (3, "3")])
def test_a_spreadsheet_computes_nothing_of_a_line(value: object, cell: str):
    assert plain_cell(value) == cell
    assert fields_of_line()[0] == next(iter(ScheduleLine.__dataclass_fields__))
