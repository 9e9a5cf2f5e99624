"""`countersign lead`: reconfirm, release, and record what became of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.outcome.lead import Cause, OutcomeCode
from countersign.primitives.ids import LeadId

if TYPE_CHECKING:
    from countersign.outcome.lead import Evidence

app = typer.Typer(name="lead", help="A possible lead: never an identification.", no_args_is_help=True)
LeadArgument = Annotated[str, typer.Argument(help="Lead id.")]
HIDDEN = ("key", "subject")


@app.command()
def reconfirm(
    lead: LeadArgument,
    reasons_against: Annotated[str, typer.Option(help="What speaks against it: age, distance, alibi, custody.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """The authorising officer finds release still necessary."""
    from countersign.operations.reconfirm_lead import ReconfirmLead, reconfirm_lead

    arguments = ReconfirmLead(lead=LeadId(lead), reasons_against=reasons_against)
    done = act(key, Permission.LEAD_RECONFIRM, reconfirm_lead, arguments)
    emit(done, as_json=as_json, title="Reconfirmed", hide=HIDDEN)


@app.command()
def release(lead: LeadArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """The operator releases the lead to the requester."""
    from countersign.operations.release_lead import ReleaseLead, release_lead

    done = act(key, Permission.LEAD_RELEASE, release_lead, ReleaseLead(lead=LeadId(lead)))
    emit(done, as_json=as_json, title="Released", hide=HIDDEN)


@app.command()
def outcome(
    lead: LeadArgument,
    code: Annotated[OutcomeCode, typer.Option(help="What became of it.")],
    own_comparison: Annotated[str, typer.Option(help="Your own comparison of probe and reference.")],
    reasons_against: Annotated[str, typer.Option(help="What speaks against it.")],
    key: KeyOption,
    evidence: Annotated[
        list[str] | None, typer.Option(help="TYPE:REFERENCE of evidence that does not rest on the lead.")
    ] = None,
    line_up: Annotated[bool, typer.Option("--line-up", help="An eyewitness line-up was held since the lead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The requester records what became of the lead; an arrest or charge needs independent evidence."""
    from countersign.operations.record_outcome import RecordOutcome, record_outcome

    arguments = RecordOutcome(
        lead=LeadId(lead),
        code=code,
        own_comparison=own_comparison,
        reasons_against=reasons_against,
        evidence=tuple(_evidence(text) for text in evidence or ()),
        line_up=line_up,
    )
    done = act(key, Permission.LEAD_OUTCOME, record_outcome, arguments)
    emit(done, as_json=as_json, title=f"Outcome: {code}", hide=HIDDEN)


@app.command()
def disprove(
    lead: LeadArgument,
    cause: Annotated[Cause, typer.Option(help="Why it was wrong.")],
    correction: Annotated[str, typer.Option(help="What is done about it, for the person concerned too.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """A released lead was wrong: its recipient is told at once, and its report is handed out no more."""
    from countersign.operations.disprove_lead import DisproveLead, disprove_lead

    arguments = DisproveLead(lead=LeadId(lead), cause=cause, correction=correction)
    done = act(key, Permission.LEAD_DISPROVE, disprove_lead, arguments)
    emit(done, as_json=as_json, title="Disproved and recalled", hide=HIDDEN)


def _evidence(text: str) -> "Evidence":
    from countersign.outcome.lead import Evidence, EvidenceType
    from countersign.primitives.codec import from_plain

    kind, _, reference = text.partition(":")
    if not reference:
        raise Invalid(f"expected TYPE:REFERENCE, got {text!r}", code="evidence")
    return Evidence(type=from_plain(EvidenceType, kind, "evidence"), reference=reference)
