"""`countersign anomaly`: rules that keep a retrospective search from being used like a live one."""

from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission

app = typer.Typer(name="anomaly", help="Patterns of live use, and what they stopped.", no_args_is_help=True)


@app.command(name="list")
def show(key: KeyOption, as_json: JsonOption = False) -> None:
    """List the rules that tripped and what still stands still because of it."""
    from countersign.operations.read_anomalies import ReadAnomalies, read_anomalies

    blocks = act(key, Permission.ANOMALY_READ, read_anomalies, ReadAnomalies())
    standing = sum(block.lifted_at is None for block in blocks)
    emit({"blocks": blocks}, as_json=as_json, title=f"{len(blocks)} tripped, {standing} still stand")


@app.command()
def lift(
    block: Annotated[str, typer.Argument(help="Its id, as `anomaly list` shows it.")],
    reason: Annotated[str, typer.Option(help="Coded reason; see the reference.")],
    explanation: Annotated[str, typer.Option(help="What you found, in your own words.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Let go on what a tripped rule stopped."""
    from countersign.operations.lift_block import LiftBlock, LiftReason, lift_block
    from countersign.primitives.codec import from_plain

    code: LiftReason = from_plain(LiftReason, reason, "reason")
    arguments = LiftBlock(block=block, reason=code, explanation=explanation)
    lifted = act(key, Permission.ANOMALY_LIFT, lift_block, arguments)
    emit(lifted, as_json=as_json, title=f"Lifted: {lifted.effect}")
