"""Lays out a request and a chart that are given out, with the same parts as every report: facts apart from opinions."""

from datetime import datetime

from countersign.operations.issued_facts import ChartReport, RequestReport
from countersign.primitives.clock import rfc3339
from countersign.reports.document import Document, Part, Row, Section, Table


def request_document(report: RequestReport) -> Document:
    """Lay a request out."""
    asked = Section(
        part=Part.FACTS,
        heading="Request",
        rows=(
            Row(name="Case", value=report.case_reference),
            Row(name="Request", value=report.request_number, digest=True),
            Row(name="Asked", value=f"{_moment(report.drafted_at)}, by actor {report.requester}"),
            Row(name="Authorisation tier", value=report.tier.value.upper()),
            Row(name="Stands", value=report.state),
        ),
        pictured=True,
    )
    form = Section(
        part=Part.FACTS,
        heading="What was asked, and why",
        rows=tuple(Row(name=_words(name).capitalize(), value=_answer(text)) for name, text in report.answers),
    )
    decisions = tuple(
        Section(
            part=Part.OPINIONS,
            heading="Decision of the authorising officer",
            rows=(
                Row(name="Officer", value=one.officer, digest=True),
                Row(name="Authorised", value=f"{_moment(one.granted_at)}, until {_moment(one.expires_at)}"),
                Row(name="Stands", value=one.state),
                Row(name="Necessity", value=one.necessity),
                Row(name="Proportionality", value=one.proportionality),
            ),
        )
        for one in report.decisions
    )
    none = Section(part=Part.OPINIONS, heading="Decision", note="No officer has authorised it.")
    return Document(
        title="Request for a face search",
        subtitle=f"Case {report.case_reference} · made {_moment(report.made_at)} for {report.recipient}",
        watermark=report.watermark,
        caveat=report.caveat,
        footer=f"Request for a search. Given out to {report.recipient}.",
        sections=(asked, form, *(decisions or (none,))),
    )


def chart_document(report: ChartReport) -> Document:
    """Lay a chart out."""
    pictures = Section(
        part=Part.FACTS,
        heading=f"Pictures compared: the person sought, and {report.letter}",
        rows=(
            Row(name="Case", value=report.case_reference),
            Row(name="Request", value=report.request_number, digest=True),
        ),
        pictured=True,
    )
    first = Section(
        part=Part.OPINIONS,
        heading="Of the person sought, written before anybody else was seen",
        rows=(
            Row(name="Can be seen", value=report.seen_first),
            Row(name="Cannot be seen", value=report.not_seen),
            *(Row(name=f"Still {number} left out", value=reason) for number, reason in report.struck),
        ),
    )
    opinion = Section(
        part=Part.OPINIONS,
        heading=f"{_words(report.position).capitalize()} opinion, on {report.letter}",
        rows=(
            Row(name="Conclusion", value=_words(report.conclusion)),
            Row(name="What clearly differs", value=report.differs or "nothing stated"),
            Row(name="What it rests on", value=report.notes or "nothing stated"),
            Row(name="Locked", value=_moment(report.locked_at)),
            Row(name="Examiner", value=report.examiner, digest=True),
        ),
    )
    features = tuple((_words(name), _words(seen), "") for name, seen in report.features)
    marks = tuple((str(one.number), one.picture, f"{_words(one.feature)}: {_words(one.seen)}") for one in report.marks)
    tables = tuple(
        Table(headings=headings, rows=rows, digest_column=-1)
        for headings, rows in ((("Mark", "On", "Shows"), marks), (("Feature", "Seen", ""), features))
        if rows
    )
    detail = Section(part=Part.OPINIONS, heading="Marks and features", tables=tables)
    return Document(
        title="Chart of one opinion",
        subtitle=f"Case {report.case_reference} · made {_moment(report.made_at)} for {report.recipient}",
        watermark=report.watermark,
        caveat=report.caveat,
        footer=f"One opinion, not an identification. Given out to {report.recipient}.",
        sections=(pictures, first, opinion, *((detail,) if tables else ())),
    )


def _answer(text: str) -> str:
    return _words(text) if text.islower() and " " not in text else text


def _words(code: str) -> str:
    return code.replace("_", " ")


def _moment(moment: datetime) -> str:
    return rfc3339(moment)[:16].replace("T", " ") + " UTC"
