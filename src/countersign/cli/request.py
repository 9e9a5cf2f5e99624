"""`countersign request`: asking for one search, and the officer's decision."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, read_table
from countersign.governance.permission import Permission
from countersign.primitives.ids import CollectionId, ProbeId, RequestId

app = typer.Typer(name="request", help="One request, one person, one search.", no_args_is_help=True)
NecessityOption = Annotated[str, typer.Option(help="Why it is strictly necessary, in your own words.")]
ProportionalityOption = Annotated[str, typer.Option(help="Why it is proportionate, in your own words.")]
RequestArgument = Annotated[str, typer.Argument(help="Request id.")]


@app.command()
def draft(
    probe: Annotated[str, typer.Option(help="Probe id.")],
    collection: Annotated[str, typer.Option(help="Collection id.")],
    form: Annotated[Path, typer.Option(help="The request form, TOML or JSON (docs: reference, request form).")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Draft a request; its tier is computed from the form."""
    from countersign.governance.request import RequestForm
    from countersign.operations.draft_request import DraftRequest, draft_request
    from countersign.primitives.codec import from_plain

    read: RequestForm = from_plain(RequestForm, dict(read_table(form)), "form")
    arguments = DraftRequest(probe=ProbeId(probe), collection=CollectionId(collection), form=read)
    request = act(key, Permission.REQUEST_DRAFT, draft_request, arguments)
    emit(request, as_json=as_json, title=f"Drafted: {request.id} ({request.tier})", hide=("key", "form"))


@app.command()
def bundle(
    file: Annotated[Path, typer.Argument(help="TOML or JSON: `shared`, the form; `faces`, probes with reasons.")],
    collection: Annotated[str, typer.Option(help="Collection id.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Draft one request a face of a case whose facts are written once; each is decided and searched by itself."""
    from countersign.governance.request import RequestForm
    from countersign.operations.draft_bundle import BundledFace, DraftBundle, draft_bundle
    from countersign.primitives.codec import from_plain

    table = dict(read_table(file))
    shared: RequestForm = from_plain(RequestForm, table.get("shared"), "shared")
    faces: tuple[BundledFace, ...] = from_plain(tuple[BundledFace, ...], table.get("faces"), "faces")
    arguments = DraftBundle(collection=CollectionId(collection), shared=shared, faces=faces)
    made = act(key, Permission.REQUEST_DRAFT, draft_bundle, arguments)
    told = {"requests": [{"request": one.id, "probe": one.probe, "tier": one.tier} for one in made]}
    emit(told, as_json=as_json, title=f"Drafted: {len(made)} requests; submit each")


@app.command()
def submit(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Submit a draft to the authorising officer."""
    from countersign.operations.submit_request import SubmitRequest, submit_request

    after = act(key, Permission.REQUEST_SUBMIT, submit_request, SubmitRequest(request=RequestId(request)))
    emit(after, as_json=as_json, title=f"Submitted: {after.id}", hide=("key", "form"))


@app.command()
def show(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Show a request as it stands; looking is recorded."""
    from countersign.operations.read_request import ReadRequest, read_request

    shown = act(key, Permission.CASE_READ, read_request, ReadRequest(request=RequestId(request)))
    emit(shown, as_json=as_json, title=f"Request {request}: {shown.state}")


@app.command()
def consider(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Open what a decision rests on: form, quality, error rates, earlier refusals, copied texts, caveat."""
    from countersign.operations.consider_request import ConsiderRequest, consider_request

    basis = act(key, Permission.REQUEST_CONSIDER, consider_request, ConsiderRequest(request=RequestId(request)))
    emit(basis, as_json=as_json, title=f"Before you decide on {request}")


@app.command()
def overlay(
    request: RequestArgument,
    kind: Annotated[str, typer.Option(help="suspended, restricted or disclosure_hold.")],
    ground: Annotated[str, typer.Option(help="Coded ground; see the reference.")],
    reason: Annotated[str, typer.Option(help="In your own words.")],
    review_by: Annotated[str, typer.Option(help="Day by which it is looked at again, as 2026-05-31.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Suspend or restrict a request, or hold it for disclosure."""
    from countersign.governance.overlay import Ground, OverlayKind
    from countersign.operations.lay_overlay import LayOverlay, lay_overlay
    from countersign.primitives.codec import from_plain

    what: OverlayKind = from_plain(OverlayKind, kind, "kind")
    why: Ground = from_plain(Ground, ground, "ground")
    day: date = from_plain(date, review_by, "review by")
    arguments = LayOverlay(request=RequestId(request), kind=what, ground=why, reason=reason, review_by=day)
    laid = act(key, Permission.OVERLAY_LAY, lay_overlay, arguments)
    emit(laid, as_json=as_json, title=f"Laid: {laid.id}, to be reviewed by {laid.review_by}", hide=("key",))


@app.command()
def lift(
    overlay: Annotated[str, typer.Argument(help="Overlay id.")],
    key: KeyOption,
    subject_told: Annotated[str | None, typer.Option(help="Restriction: day the data subject was told.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Agree to lift what lies over a request; the last agreement needed lifts it."""
    from countersign.operations.lift_overlay import LiftOverlay, lift_overlay
    from countersign.primitives.codec import from_plain

    day: date | None = from_plain(date, subject_told, "subject told") if subject_told else None
    after = act(key, Permission.OVERLAY_LIFT, lift_overlay, LiftOverlay(overlay=overlay, subject_told=day))
    state = "Lifted" if after.lifted_at else "Agreed; another agreement is needed"
    emit(after, as_json=as_json, title=f"{state}: {after.kind}", hide=("key", "reason"))


@app.command()
def close(
    request: RequestArgument,
    benefit: Annotated[str, typer.Option(help="material, some, none or harm.")],
    lesson: Annotated[str, typer.Option(help="What was learnt, in your own words.")],
    key: KeyOption,
    still_necessary: Annotated[bool, typer.Option(help="Whether you would authorise it again.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Review what a search was good for, and close its request."""
    from countersign.governance.closing import Benefit
    from countersign.operations.close_request import CloseRequest, close_request
    from countersign.primitives.codec import from_plain

    code: Benefit = from_plain(Benefit, benefit, "benefit")
    arguments = CloseRequest(request=RequestId(request), benefit=code, still_necessary=still_necessary, lesson=lesson)
    after = act(key, Permission.REQUEST_CLOSE, close_request, arguments)
    emit(after, as_json=as_json, title=f"Closed: {after.id}", hide=("key", "form"))


@app.command()
def extend(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Set the running clock of a request back, once for each of its states."""
    from countersign.operations.extend_request import ExtendRequest, extend_request

    after = act(key, Permission.REQUEST_EXTEND, extend_request, ExtendRequest(request=RequestId(request)))
    emit(after, as_json=as_json, title=f"Extended: {after.id}", hide=("key", "form"))


@app.command()
def reassign(
    request: RequestArgument,
    duty: Annotated[str, typer.Option(help="requester, officer or examiner.")],
    to: Annotated[str, typer.Option(help="Person id.")],
    reason: Annotated[str, typer.Option(help="Coded reason; see the reference.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Give a duty in a request to another person."""
    from countersign.governance.request_rules import Duty
    from countersign.operations.reassign_request import ReassignReason, ReassignRequest, reassign_request
    from countersign.primitives.codec import from_plain
    from countersign.primitives.ids import PersonId

    what: Duty = from_plain(Duty, duty, "duty")
    code: ReassignReason = from_plain(ReassignReason, reason, "reason")
    arguments = ReassignRequest(request=RequestId(request), duty=what, to=PersonId(to), reason=code)
    after = act(key, Permission.REQUEST_REASSIGN, reassign_request, arguments)
    emit(after, as_json=as_json, title=f"Reassigned: {duty} of {after.id}", hide=("key", "form"))


@app.command()
def authorise(
    request: RequestArgument,
    necessity: NecessityOption,
    proportionality: ProportionalityOption,
    key: KeyOption,
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Life or serious harm is at stake; confirm in 48 h.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Authorise one search of a submitted request."""
    from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
    from countersign.operations.authorise_urgently import AuthoriseUrgently, authorise_urgently

    texts = {"necessity": necessity, "proportionality": proportionality}
    if urgent:
        asked = AuthoriseUrgently(request=RequestId(request), **texts)
        granted = act(key, Permission.REQUEST_AUTHORISE, authorise_urgently, asked)
    else:
        arguments = AuthoriseRequest(request=RequestId(request), **texts)
        granted = act(key, Permission.REQUEST_AUTHORISE, authorise_request, arguments)
    emit(granted, as_json=as_json, title=f"Authorised until {granted.expires_at}", hide=("key",))


@app.command()
def confirm(
    request: RequestArgument,
    statement: Annotated[str, typer.Option(help="What you find now, in your own words.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Confirm your urgent decision in writing; without that it is void after 48 hours."""
    from countersign.operations.confirm_urgent import ConfirmUrgent, confirm_urgent

    arguments = ConfirmUrgent(request=RequestId(request), statement=statement)
    confirmed = act(key, Permission.REQUEST_CONFIRM, confirm_urgent, arguments)
    emit(confirmed, as_json=as_json, title=f"Confirmed at {confirmed.confirmed_at}", hide=("key",))


@app.command()
def refer(
    request: RequestArgument,
    necessity: NecessityOption,
    proportionality: ProportionalityOption,
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Refer a search for a named person to the external authority."""
    from countersign.operations.refer_request import ReferRequest, refer_request

    arguments = ReferRequest(request=RequestId(request), necessity=necessity, proportionality=proportionality)
    pending = act(key, Permission.REQUEST_REFER, refer_request, arguments)
    emit(pending, as_json=as_json, title="Referred; nothing is authorised yet", hide=("key",))


@app.command()
def decide(
    decision: Annotated[Path, typer.Argument(help="The authority's signed decision, JSON or TOML.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """File the external authority's decision; a rejection stops the search and destroys what came of it."""
    from countersign.governance.external import ExternalDecision
    from countersign.operations.decide_externally import DecideExternally, decide_externally
    from countersign.primitives.codec import from_plain

    read: ExternalDecision = from_plain(ExternalDecision, dict(read_table(decision)), "decision")
    after = act(key, Permission.REQUEST_REFER, decide_externally, DecideExternally(decision=read))
    emit(after, as_json=as_json, title=f"Filed: {after.id} is {after.state}", hide=("key", "form"))


@app.command(name="return")
def give_back(
    request: RequestArgument,
    reason: Annotated[str, typer.Option(help="Coded reason; see the reference.")],
    explanation: Annotated[str, typer.Option(help="In your own words.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Return a submitted request to its requester for amendment."""
    from countersign.operations.return_request import ReturnReason, ReturnRequest, return_request
    from countersign.primitives.codec import from_plain

    code: ReturnReason = from_plain(ReturnReason, reason, "reason")
    arguments = ReturnRequest(request=RequestId(request), reason=code, explanation=explanation)
    after = act(key, Permission.REQUEST_RETURN, return_request, arguments)
    emit(after, as_json=as_json, title=f"Returned: {after.id}", hide=("key", "form"))


@app.command()
def withdraw(
    request: RequestArgument,
    reason: Annotated[str, typer.Option(help="Coded reason; see the reference.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Withdraw a request, or revoke what you authorised; a list that was made is destroyed."""
    from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
    from countersign.primitives.codec import from_plain

    code: WithdrawalReason = from_plain(WithdrawalReason, reason, "reason")
    arguments = WithdrawRequest(request=RequestId(request), reason=code)
    after = act(key, Permission.REQUEST_WITHDRAW, withdraw_request, arguments)
    emit(after, as_json=as_json, title=f"Withdrawn: {after.id}", hide=("key", "form"))


@app.command()
def refuse(
    request: RequestArgument,
    reason: Annotated[str, typer.Option(help="Coded reason; see the reference.")],
    explanation: Annotated[str, typer.Option(help="In your own words.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Refuse a submitted request, for good."""
    from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
    from countersign.primitives.codec import from_plain

    code: RefusalReason = from_plain(RefusalReason, reason, "reason")
    arguments = RefuseRequest(request=RequestId(request), reason=code, explanation=explanation)
    after = act(key, Permission.REQUEST_REFUSE, refuse_request, arguments)
    emit(after, as_json=as_json, title=f"Refused: {after.id}", hide=("key", "form"))
