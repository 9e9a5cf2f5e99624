"""Progress of long work on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def file_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function (done, all) that draws a bar on standard error; draws nothing where ``quiet``."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files a second, over the last half minute."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:.0f}/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, everything: progress.update(task, completed=done, total=everything)


@contextmanager
def recording_progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function (done, all in ms) that draws how far a recording was looked at; nothing where ``quiet``."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Moment(ProgressColumn):
        """Where in the recording, and how long that is."""

        def render(self, task: Task) -> Text:
            length = f" of {_clock(task.total)}" if task.total else ""
            return Text(f"{_clock(task.completed)}{length}")

    class TimesRealTime(ProgressColumn):
        """How many times faster than it plays."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed / 1000:.1f} x real time")

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), Moment(), TimesRealTime()),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, everything: progress.update(task, completed=done, total=everything or None)


def _clock(time_ms: float) -> str:
    minutes, seconds = divmod(int(time_ms) // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
