"""`countersign request`: asking for one search, and the officer's decision."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, read_table
from countersign.governance.permission import Permission
from countersign.primitives.ids import CollectionId, ProbeId, RequestId

app = typer.Typer(name="request", help="One request, one person, one search.", no_args_is_help=True)
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
def authorise(
    request: RequestArgument,
    necessity: Annotated[str, typer.Option(help="Why it is strictly necessary, in your own words.")],
    proportionality: Annotated[str, typer.Option(help="Why it is proportionate, in your own words.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Authorise one search of a submitted request."""
    from countersign.operations.authorise_request import AuthoriseRequest, authorise_request

    arguments = AuthoriseRequest(request=RequestId(request), necessity=necessity, proportionality=proportionality)
    granted = act(key, Permission.REQUEST_AUTHORISE, authorise_request, arguments)
    emit(granted, as_json=as_json, title=f"Authorised until {granted.expires_at}", hide=("key",))


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
