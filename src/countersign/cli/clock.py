"""`countersign clock`: what is due by now."""

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission

app = typer.Typer(name="clock", help="What time brings, carried out by a job.", no_args_is_help=True)


@app.callback()
def clock() -> None:
    """Carry out what is due."""


@app.command()
def run(key: KeyOption, as_json: JsonOption = False) -> None:
    """Carry out everything that is due by now; call it from a timer, at least once an hour."""
    from countersign.operations.run_clock import RunClock, run_clock

    steps = act(key, Permission.CLOCK_RUN, run_clock, RunClock())
    emit({step.step: step.done for step in steps}, as_json=as_json, title="Done, by step")
