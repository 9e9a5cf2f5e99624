"""`countersign report`: what leaves the system, as HTML and PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, must_be_new, write_new
from countersign.cli.lead import LeadArgument
from countersign.cli.request import RequestArgument
from countersign.governance.monitoring import CensusGroup, Sex
from countersign.governance.permission import Permission
from countersign.primitives.ids import LeadId, RequestId

if TYPE_CHECKING:
    from countersign.operations.report_facts import MadeReport

app = typer.Typer(name="report", help="Reports with the fixed caveat; never a score.", no_args_is_help=True)
OutOption = Annotated[Path, typer.Option(help="File to write, without ending; .html and .pdf are added.")]


@app.command()
def schedule(
    case: Annotated[str, typer.Option(help="The force's own case reference.")],
    out: Annotated[Path, typer.Option(help="New CSV file.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Write the disclosure schedule of a case: one line for each search, those that found nobody too."""
    import csv
    import io
    from dataclasses import asdict, fields

    from countersign.operations.report_schedule import ReportSchedule, ScheduleLine, report_schedule

    must_be_new(out)
    lines = act(key, Permission.REPORT_SCHEDULE, report_schedule, ReportSchedule(case_reference=case))
    text = io.StringIO()
    table = csv.DictWriter(text, [field.name for field in fields(ScheduleLine)])
    table.writeheader()
    table.writerows(asdict(line) for line in lines)
    write_new(out, text.getvalue().encode())
    emit({"searches": len(lines), "file": str(out)}, as_json=as_json, title=f"Schedule: {len(lines)} searches")


@app.command()
def disclosure(
    request: RequestArgument,
    out: Annotated[Path, typer.Option(help="New JSON file.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Write the disclosure pack of a search: list, scores, opinions, quality, rates, and what opens the log."""
    import json

    from countersign.operations.report_disclosure import ReportDisclosure, report_disclosure
    from countersign.primitives.codec import to_plain

    must_be_new(out)
    pack = act(key, Permission.REPORT_DISCLOSURE, report_disclosure, ReportDisclosure(request=RequestId(request)))
    write_new(out, json.dumps(to_plain(pack), indent=1).encode(), mode=0o600)
    told = {"candidates": len(pack.candidates), "reviews": len(pack.reviews), "file": str(out)}
    emit(told, as_json=as_json, title="Disclosure pack written")


@app.command(name="return")
def monthly_return(
    month: Annotated[str, typer.Argument(help="A month that is over, as 2026-01.")],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="New file for the figures, JSON.")],
    as_json: JsonOption = False,
) -> None:
    """Publish the figures of a month, counted from the log; a month left out stops searching."""
    import json

    from countersign.operations.publish_return import PublishReturn, publish_return
    from countersign.primitives.codec import to_plain

    must_be_new(out)
    made = act(key, Permission.STATISTICS_PUBLISH, publish_return, PublishReturn(month=month))
    write_new(out, json.dumps(to_plain(made), indent=1).encode())
    told = {"month": made.month, "file": str(out), "sha256": made.sha256, "log_size": made.log_size}
    emit(told, as_json=as_json, title=f"Published: {made.month}")


@app.command()
def year(
    year: Annotated[str, typer.Argument(help="A year that is over, as 2026.")],
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="New file for the report, JSON.")],
    as_json: JsonOption = False,
) -> None:
    """Write the annual report on use for the authorities (AI Act Art 26(10)), counted from the log."""
    import json

    from countersign.operations.report_year import ReportYear, report_year
    from countersign.primitives.codec import to_plain

    must_be_new(out)
    made = act(key, Permission.STATISTICS_PUBLISH, report_year, ReportYear(year=year))
    write_new(out, json.dumps(to_plain(made), indent=1).encode())
    emit({"year": made.year, "file": str(out), "log_size": made.log_size}, as_json=as_json, title=f"Report: {year}")


@app.command()
def groups(
    key: KeyOption,
    out: Annotated[Path, typer.Option(help="New file for the tables, JSON.")],
    as_json: JsonOption = False,
) -> None:
    """Write how far requests came by group of the people sought; small counts are left out."""
    import json

    from countersign.operations.report_groups import ReportGroups, report_groups
    from countersign.primitives.codec import to_plain

    must_be_new(out)
    made = act(key, Permission.STATISTICS_PUBLISH, report_groups, ReportGroups())
    write_new(out, json.dumps(to_plain(made), indent=1).encode())
    emit({"tables": len(made), "file": str(out)}, as_json=as_json, title="Report by group")


@app.command()
def label(
    request: RequestArgument,
    officer_defined: Annotated[CensusGroup, typer.Option(help="What an officer would call it.")],
    key: KeyOption,
    self_defined: Annotated[CensusGroup, typer.Option(help="What the person said.")] = CensusGroup.UNKNOWN,
    sex: Annotated[Sex, typer.Option(help="As recorded.")] = Sex.UNKNOWN,
    as_json: JsonOption = False,
) -> None:
    """Record what is known of the person sought, for monitoring by group alone; it is shown to nobody."""
    from countersign.operations.record_monitoring import RecordMonitoring, record_monitoring

    said = RecordMonitoring(
        request=RequestId(request), officer_defined=officer_defined, self_defined=self_defined, sex=sex
    )
    replaced = act(key, Permission.MONITORING_RECORD, record_monitoring, said)
    emit({"replaced": replaced}, as_json=as_json, title="Recorded for monitoring")


@app.command()
def check(
    document: Annotated[Path, typer.Argument(help="The document that was given out.")],
    signature: Annotated[Path, typer.Argument(help="Its signature, a file that ends in .sig.")],
    log_key: Annotated[str, typer.Option(help="The log's public key, as the force publishes it.")],
    as_json: JsonOption = False,
) -> None:
    """Check that a document is the very one that was given out; needs no installation and no key of one's own."""
    from countersign.ledger.document import check_document
    from countersign.ledger.note import VerifierKey

    key = VerifierKey.parse(log_key)
    check_document(document.read_bytes(), signature.read_bytes(), key)
    emit({"document": document.name, "signed_by": key.name}, as_json=as_json, title="It is the one that was given out")


@app.command()
def lead(lead: LeadArgument, out: OutOption, key: KeyOption, as_json: JsonOption = False) -> None:
    """Make the report of a released lead, for the requester it was released to."""
    from countersign.operations.report_lead import ReportLead, report_lead

    html, pdf = _files(out)
    made = act(key, Permission.REPORT_LEAD, report_lead, ReportLead(lead=LeadId(lead)))
    _write(made, html, pdf, as_json=as_json)


@app.command()
def search(request: RequestArgument, out: OutOption, key: KeyOption, as_json: JsonOption = False) -> None:
    """Make the report of a search: that it was made, how, and how it ended. It names nobody."""
    from countersign.operations.report_search import ReportSearch, report_search

    html, pdf = _files(out)
    made = act(key, Permission.REPORT_SEARCH, report_search, ReportSearch(request=RequestId(request)))
    _write(made, html, pdf, as_json=as_json)


def _files(out: Path) -> tuple[Path, Path]:
    html, pdf = out.with_name(out.name + ".html"), out.with_name(out.name + ".pdf")
    must_be_new(html, pdf)
    return html, pdf


def _write(made: "MadeReport", html: Path, pdf: Path, *, as_json: bool) -> None:
    from countersign.reports.render import to_html, to_pdf

    write_new(html, to_html(made.report, made.pictures).encode())
    write_new(pdf, to_pdf(made.report, made.pictures))
    emit({"html": str(html), "pdf": str(pdf)}, as_json=as_json, title="Report")
