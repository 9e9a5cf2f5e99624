"""`countersign ledger`: verify the log here, or give it to somebody who does not trust us."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, desk, emit, make_folder, read_bytes, write_new
from countersign.governance.permission import Permission

app = typer.Typer(name="ledger", help="The tamper-evident log.", no_args_is_help=True)


@app.command()
def verify(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A signed checkpoint that somebody else kept; the log must extend it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify the whole log; exit code 7 when anything is found."""
    from countersign.operations.verify_ledger import verify_ledger

    with desk() as place:
        done = verify_ledger(place, [read_bytes(path) for path in checkpoint or ()])
    emit(done, as_json=as_json, title="The log verifies" if done.is_clean else "THE LOG DOES NOT VERIFY")
    if not as_json:
        for finding in done.findings:
            typer.echo(f"  {finding.sentence}")
    if not done.is_clean:
        raise typer.Exit(7)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write; must not exist.")],
    justification: Annotated[
        str, typer.Option(help="What for: lawfulness, self_monitoring, integrity or criminal_proceedings.")
    ],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Write an export that anyone verifies with `countersign-verify` and bare Python."""
    from countersign.operations.export_ledger import ExportLedger, LogPurpose, export_ledger
    from countersign.primitives.codec import from_plain

    purpose: LogPurpose = from_plain(LogPurpose, justification, "justification")
    make_folder(folder.parent)
    done = act(key, Permission.LEDGER_EXPORT, export_ledger, ExportLedger(folder=str(folder), justification=purpose))
    shown = {"folder": str(folder), "size": done.size, "root": done.root.hex()}
    emit(
        shown,
        as_json=as_json,
        title=f"Exported {done.size} entries; verify with: python3 -I countersign-verify {folder}",
    )


@app.command()
def bundle(
    folder: Annotated[Path, typer.Argument(help="Folder to write; must not exist.")],
    justification: Annotated[
        str, typer.Option(help="What for: lawfulness, self_monitoring, integrity or criminal_proceedings.")
    ],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Write the evidence bundle for a regulator: log, proofs, signed documents, papers, a note on each search."""
    from countersign.operations.export_bundle import ExportBundle, export_bundle
    from countersign.operations.export_ledger import LogPurpose
    from countersign.primitives.codec import from_plain

    purpose: LogPurpose = from_plain(LogPurpose, justification, "justification")
    make_folder(folder.parent)
    files = act(key, Permission.LEDGER_EXPORT, export_bundle, ExportBundle(folder=str(folder), justification=purpose))
    emit(
        {"folder": str(folder), "files": files},
        as_json=as_json,
        title=f"Bundle of {files} files; check it with: countersign ledger check-bundle {folder}",
    )


@app.command(name="check-bundle")
def check_bundle(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    keys: Annotated[
        Path | None, typer.Option(help="Policy file with the log's keys, had from elsewhere; without it, its own.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a bundle: needs no installation. Exit code 7 when anything is found."""
    from countersign.ledger.policy import Policy
    from countersign.operations.evidence_bundle import check_bundle as check

    findings = check(folder, Policy.parse(read_bytes(keys).decode()) if keys else None)
    title = "The bundle holds" if not findings else "THE BUNDLE DOES NOT HOLD"
    emit({"clean": not findings, "findings": findings}, as_json=as_json, title=title)
    if findings:
        raise typer.Exit(7)


@app.command()
def verifier(
    out: Annotated[Path, typer.Argument(help="File to write.")] = Path("countersign-verify"),
    as_json: JsonOption = False,
) -> None:
    """Write `countersign-verify`: one file that needs only Python and an export."""
    from countersign.ledger.standalone import build

    write_new(out, build().encode(), mode=0o777)
    emit({"program": str(out)}, as_json=as_json, title=f"Verify with: python3 -I {out} EXPORT")
