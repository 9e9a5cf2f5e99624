"""`countersign policy`: what is in force, what a new version would change, and that one has read it."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, desk, emit, read_bytes
from countersign.governance.permission import Permission

app = typer.Typer(name="policy", help="The signed policy pack: read it, check it, compare it.", no_args_is_help=True)

PackFile = Annotated[Path, typer.Argument(help="A policy pack in TOML.")]


@app.command()
def lint(pack: PackFile, as_json: JsonOption = False) -> None:
    """Say what keeps a pack out of force: open categories, gaps, broken floors; ends with 1 where there is anything."""
    from countersign.governance.policy_pack import read_pack_toml
    from countersign.operations.read_policy import check_pack

    findings = check_pack(read_pack_toml(read_bytes(pack).decode()))
    emit(findings, as_json=as_json, title=f"{len(findings)} to mend in {pack.name}")
    if findings:
        raise typer.Exit(1)


@app.command()
def diff(
    pack: PackFile,
    against: Annotated[Path | None, typer.Option(help="Another pack in TOML; the one in force without it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say in words what a pack changes, and which approvals that reopens."""
    from countersign.governance.policy_pack import read_pack_toml
    from countersign.operations.read_policy import compare_packs, pack_in_force

    after = read_pack_toml(read_bytes(pack).decode())
    if against is not None:
        before = read_pack_toml(read_bytes(against).decode())
    else:
        with desk() as place:
            before = pack_in_force(place)
    change = compare_packs(before, after)
    emit(change, as_json=as_json, title=f"{len(change.changes)} changes")


@app.command()
def show(as_json: JsonOption = False) -> None:
    """Show which pack is in force, until when, and how many people have not read it."""
    from countersign.operations.read_policy import read_policy

    with desk() as place:
        shown = read_policy(place)
    emit(shown, as_json=as_json, title=f"Policy {shown.version}")


@app.command()
def acknowledge(
    pack: Annotated[str, typer.Option(help="Digest of the pack that you read, as `policy show` gives it.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Say that you read the policy in force; until then you do nothing else."""
    from countersign.operations.acknowledge_policy import AcknowledgePolicy, acknowledge_policy
    from countersign.primitives.digest import Sha256

    arguments = AcknowledgePolicy(pack=Sha256(pack))
    done = act(key, Permission.POLICY_ACKNOWLEDGE, acknowledge_policy, arguments)
    emit(done, as_json=as_json, title=f"Acknowledged: policy {done.version}")
