"""`countersign deletion`: a person asks that their images be deleted."""

from datetime import datetime
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission
from countersign.primitives.ids import CollectionId

app = typer.Typer(name="deletion", help="Requests for deletion: silence grants them.", no_args_is_help=True)
HIDDEN = ("key", "subject")


@app.command()
def request(
    subject: Annotated[str, typer.Argument(help="The force's own reference of the data subject.")],
    collection: Annotated[str, typer.Option(help="Collection id.")],
    received_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day on which the request came.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Register a request; unless it is refused by its last day, the images are deleted."""
    from countersign.operations.request_deletion import RequestDeletion, request_deletion

    arguments = RequestDeletion(collection=CollectionId(collection), subject=subject, received_on=received_on.date())
    made = act(key, Permission.DELETION_REGISTER, request_deletion, arguments)
    emit(made, as_json=as_json, title=f"Registered: {made.id}", hide=HIDDEN)


@app.command()
def decide(
    deletion: Annotated[str, typer.Argument(help="Id of the request for deletion.")],
    key: KeyOption,
    refuse_because: Annotated[str, typer.Option(help="The exceptional reason to refuse it; without it, granted.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Grant a request at once, or refuse it in time."""
    from countersign.operations.decide_deletion import DecideDeletion, decide_deletion

    arguments = DecideDeletion(request=deletion, refuse_because=refuse_because)
    done = act(key, Permission.DELETION_DECIDE, decide_deletion, arguments)
    emit(done, as_json=as_json, title=f"Deletion {done.state}", hide=HIDDEN)
