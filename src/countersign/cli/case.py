"""`countersign case`: the end of a case."""

from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission
from countersign.primitives.ids import CaseId

app = typer.Typer(name="case", help="Everything that belongs to one investigation.", no_args_is_help=True)


@app.callback()
def case() -> None:
    """Look after cases."""


@app.command()
def erase(
    case: Annotated[str, typer.Argument(help="Case id.")],
    rule: Annotated[str, typer.Option(help="Rule under which it is erased; see the reference.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Erase a case in which nothing is under way: keys destroyed, a tombstone in the log."""
    from countersign.operations.erase_case import CaseErasureRule, EraseCase, erase_case
    from countersign.primitives.codec import from_plain

    arguments = EraseCase(case=CaseId(case), rule=from_plain(CaseErasureRule, rule, "rule"))
    done = act(key, Permission.CASE_ERASE, erase_case, arguments)
    emit(done, as_json=as_json, title="Erased; unrecoverable, from copies too, once the epoch key is rotated")


@app.command()
def close(case: Annotated[str, typer.Argument(help="Case id.")], key: KeyOption, as_json: JsonOption = False) -> None:
    """Record that a case was disposed of: after its disclosure period everything of it is erased."""
    from countersign.operations.close_case import CloseCase, close_case

    closed = act(key, Permission.CASE_CLOSE, close_case, CloseCase(case=CaseId(case)))
    emit({"case": closed.id, "closed_at": closed.closed_at}, as_json=as_json, title="Closed")
