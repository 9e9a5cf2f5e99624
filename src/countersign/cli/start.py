"""`countersign init`: keys, database, signers, programme in PROPOSED."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, emit, read_public_key, settings
from countersign.governance.actor import Role
from countersign.governance.programme import Jurisdiction, ProgrammeKind


def init(
    kind: Annotated[ProgrammeKind, typer.Option(help="What this installation is, for good.")],
    jurisdiction: Annotated[Jurisdiction, typer.Option(help="Whose law it runs under, for good.")],
    controller: Annotated[Path, typer.Option(help="Public key file of the controller.")],
    dpo: Annotated[Path, typer.Option(help="Public key file of the data protection officer.")],
    oversight: Annotated[Path, typer.Option(help="Public key file of the oversight body.")],
    organisation: Annotated[str, typer.Option(help="Name of the force.")],
    as_json: JsonOption = False,
) -> None:
    """Make keys, database and the log's first entry; the programme starts in PROPOSED."""
    from countersign.bootstrap import create_installation, new_origin
    from countersign.operations.initialise import Initialise

    signers = ((Role.CONTROLLER, controller), (Role.DPO, dpo), (Role.OVERSIGHT, oversight))
    arguments = Initialise(
        kind=kind,
        jurisdiction=jurisdiction,
        origin=new_origin(kind),
        organisation=organisation,
        signers=tuple((role, read_public_key(path)) for role, path in signers),
    )
    create_installation(settings(), arguments).close()
    emit(arguments, as_json=as_json, title=f"A {kind} programme, in state proposed")
