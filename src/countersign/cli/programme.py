"""`countersign programme`: signed documents in, state by state forward."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import (
    JsonOption,
    KeyOption,
    act,
    desk,
    emit,
    plain,
    private_key,
    read_bytes,
    read_table,
    write_new,
)
from countersign.governance.papers import PaperKind
from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState

LINE = 80
"""A longer text of a draft begins on a line of its own."""

app = typer.Typer(name="programme", help="Before any search: signed documents, state by state.", no_args_is_help=True)


@app.command()
def sign(
    document: Annotated[Path, typer.Argument(help="The document's content, TOML or JSON.")],
    artefact: Annotated[ArtefactType, typer.Option("--type", help="What it is.")],
    version: Annotated[str, typer.Option(help="Its version.")],
    review_by: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day on which it is in force.")],
    out: Annotated[Path, typer.Option(help="Signed document to write.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Sign a document with the signer's own key; needs no installation and changes nothing."""
    from countersign.operations.sign_document import sign_document
    from countersign.primitives.clock import SystemClock

    signed = sign_document(
        artefact, version, read_table(document), review_by=review_by.date(), key=private_key(key), clock=SystemClock()
    )
    write_new(out, json.dumps(plain(signed), indent=1, ensure_ascii=False).encode())
    emit(signed, as_json=as_json, title=f"Signed: {out}", hide=("content",))


@app.command()
def submit(
    document: Annotated[Path, typer.Argument(help="A document signed with `programme sign`.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Submit a signed document: signer, signature, dates and content are checked."""
    from countersign.operations.submit_artefact import SignedDocument, SubmitArtefact, submit_artefact
    from countersign.primitives.codec import from_plain

    signed: SignedDocument = from_plain(SignedDocument, dict(read_table(document)))
    artefact = act(key, Permission.PROGRAMME_SUBMIT, submit_artefact, SubmitArtefact(document=signed))
    emit(artefact, as_json=as_json, title=f"In force: {artefact.type}", hide=("content",))


@app.command()
def advance(
    to: Annotated[ProgrammeState, typer.Option(help="Next state.")], key: KeyOption, as_json: JsonOption = False
) -> None:
    """Move the programme forward, or say which document is missing or whose step it is."""
    from countersign.operations.advance_programme import AdvanceProgramme, advance_programme

    after = act(key, Permission.PROGRAMME_ADVANCE, advance_programme, AdvanceProgramme(to=to))
    emit(after, as_json=as_json, title=f"Programme: {after.state}")


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Show state, documents with their review dates, and what is held, in numbers."""
    from countersign.operations.read_status import read_status

    with desk() as place:
        shown = read_status(place)
    emit(shown, as_json=as_json, title=f"Programme: {shown.state}")


@app.command()
def paper(
    kind: Annotated[PaperKind, typer.Argument(help="Which paper.")],
    html: Annotated[Path | None, typer.Option(help="Write it as a page to this new file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Generate a paper from the live configuration: record of processing, notice, register, instructions for use."""
    from countersign.operations.read_paper import read_paper

    with desk() as place:
        made = read_paper(place, kind)
    if html is not None:
        from countersign.reports.paper import to_html

        write_new(html, to_html(made).encode())
    shown = made if as_json else {one.title: one.text for one in made.items}
    emit(shown, as_json=as_json, title=made.title)


@app.command()
def new(
    artefact: Annotated[ArtefactType, typer.Argument(help="What to draft.")],
    out: Annotated[Path, typer.Option(help="Draft to write, TOML; a person finishes it.")],
    pack: Annotated[Path | None, typer.Option(help="The pack that is to be; the one in force without it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a document with what the system knows; what only a person can say stands as [a question?]."""
    from countersign.governance.policy_pack import read_pack_toml
    from countersign.operations.read_paper import draft_document

    with desk() as place:
        draft = draft_document(place, artefact, read_pack_toml(read_bytes(pack).decode()) if pack else None)
    write_new(out, "".join(f"{name} = {_toml(value)}\n\n" for name, value in draft.items()).encode())
    emit({"draft": str(out), "parts": list(draft)}, as_json=as_json, title=f"Drafted: {artefact}")


def _toml(value: object) -> str:
    """Write a text over several lines, so that a person can go on writing."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value).replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n{text}"""' if "\n" in text or len(text) > LINE else json.dumps(text, ensure_ascii=False)
