"""`countersign comparison`: a probe against one named person's image; no collection is searched."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, read_table
from countersign.cli.request import RequestArgument
from countersign.governance.permission import Permission
from countersign.primitives.ids import CollectionId, ProbeId, RequestId

app = typer.Typer(name="comparison", help="One probe, one named person's image.", no_args_is_help=True)


@app.command()
def draft(
    probe: Annotated[str, typer.Option(help="Probe id.")],
    collection: Annotated[str, typer.Option(help="Id of the collection that holds the image.")],
    subject: Annotated[str, typer.Option(help="The force's number of the person in it.")],
    custody_record: Annotated[str, typer.Option(help="Number of the custody record; its newest image is meant.")],
    form: Annotated[Path, typer.Option(help="The request form; `named_person` says who it is.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Draft a comparison; then `request submit`, `consider` and `authorise` as for a search."""
    from countersign.governance.request import RequestForm
    from countersign.operations.draft_comparison import DraftComparison, draft_comparison
    from countersign.primitives.codec import from_plain

    read: RequestForm = from_plain(RequestForm, dict(read_table(form)), "form")
    arguments = DraftComparison(
        probe=ProbeId(probe),
        collection=CollectionId(collection),
        subject=subject,
        custody_record=custody_record,
        form=read,
    )
    request = act(key, Permission.COMPARISON_DRAFT, draft_comparison, arguments)
    hidden = ("key", "form", "compared_with")
    emit(request, as_json=as_json, title=f"Drafted: {request.id} ({request.tier})", hide=hidden)


@app.command()
def run(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Make the comparison of an authorised request; two examiners then look at the image, whatever its score."""
    from countersign.operations.run_comparison import RunComparison, run_comparison

    done = act(key, Permission.COMPARISON_RUN, run_comparison, RunComparison(request=RequestId(request)))
    shown = {"run": done.id, "request": done.request, "entry": done.sealed_seq}
    emit(shown, as_json=as_json, title="Compared: open a review to go on")
