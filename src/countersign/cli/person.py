"""`countersign person`: private keys for people, and the register of people."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, must_be_new, read_public_key, write_new
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission

app = typer.Typer(name="person", help="People and their keys.", no_args_is_help=True)


@app.command()
def keygen(
    out: Annotated[Path, typer.Option(help="Private key file to write; the public key goes to OUT.pub.")],
    as_json: JsonOption = False,
) -> None:
    """Make a private key on the person's own machine; only the public key is ever registered."""
    from countersign.governance.signature import generate, private_pem, public_hex

    key, public = generate(), out.with_name(out.name + ".pub")
    must_be_new(out, public)
    write_new(out, private_pem(key), mode=0o600)
    write_new(public, public_hex(key).encode() + b"\n")
    emit({"private_key": str(out), "public_key": public_hex(key)}, as_json=as_json, title="A new key")


@app.command()
def add(
    public_key: Annotated[Path, typer.Option(help="The person's public key file.")],
    name: Annotated[str, typer.Option(help="Name; kept sealed, never in the log.")],
    role: Annotated[list[Role], typer.Option(help="Role; may be given more than once.")],
    rank: Annotated[Rank, typer.Option(help="Rank or its equivalent.")],
    organisation: Annotated[str, typer.Option(help="Force.")],
    team: Annotated[str, typer.Option(help="Team; an officer of the requester's team cannot authorise.")],
    trained_until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day on which training is in date.")
    ],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Register a person's public key, roles, rank and team."""
    from countersign.operations.add_person import AddPerson, add_person

    arguments = AddPerson(
        name=name,
        public_key=read_public_key(public_key),
        organisation=organisation,
        team=team,
        rank=rank,
        roles=tuple(role),
        trained_until=trained_until.date(),
    )
    person = act(key, Permission.PERSON_ADD, add_person, arguments)
    emit(person, as_json=as_json, title="Registered", hide=("key",))


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="CSV of people, one row each.")],
    key: KeyOption,
    complete: Annotated[bool, typer.Option("--complete", help="It names everybody; the others have left.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take in people, roles, training and leavers; leavers are blocked at once."""
    from countersign.operations.import_people import ImportPeople, import_people

    arguments = ImportPeople(source=str(source), complete=complete)
    emit(act(key, Permission.PERSON_IMPORT, import_people, arguments), as_json=as_json, title="Imported")


@app.command()
def assess(
    trial: Annotated[str, typer.Argument(help="The organiser's own number of the trial.")],
    examiner: Annotated[str, typer.Option(help="Person id of the examiner.")],
    held_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the trial.")],
    key: KeyOption,
    mated: Annotated[bool, typer.Option("--mated/--non-mated", help="Whether the person was on the list.")],
    supported: Annotated[bool, typer.Option("--supported/--not-supported", help="Whether a lead was supported.")],
    as_json: JsonOption = False,
) -> None:
    """Record an examiner's result in a trial whose answer is known."""
    from countersign.operations.record_trial import RecordTrial, record_trial
    from countersign.primitives.ids import PersonId

    arguments = RecordTrial(
        trial=trial, examiner=PersonId(examiner), mated=mated, supported=supported, held_on=held_on.date()
    )
    emit(act(key, Permission.PERSON_ASSESS, record_trial, arguments), as_json=as_json, title="Recorded")
