"""Says the demonstration's story on a terminal of any width, or on none."""

from collections.abc import Iterable

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from countersign.errors import CountersignError
from countersign.ledger.entry import Entry
from countersign.primitives.clock import Clock

_INDENT, _NAME_COLUMNS, _NARROW = 3, 21, 30


class Narrator:
    """Numbered chapters, each a sentence of why and then what happened."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.chapters = 0

    def opening(self, title: str, text: str) -> None:
        """Say what this is before anything happens."""
        self.console.print(Panel(Text(text), title=Text(f" {title} ", "bold"), border_style="yellow", padding=(0, 2)))

    def chapter(self, title: str, why: str, clock: Clock | None = None) -> None:
        """Begin a chapter; with a clock, say what time it is in the story."""
        self.chapters += 1
        when = f"   {clock.now():%a %d %b %H:%M} simulated" if clock else ""
        self.console.print()
        self.console.print(Text.assemble((f"{self.chapters:>2} {title}", "bold"), (when, "dim")))
        self.say(why, "italic")

    def say(self, text: str, style: str = "") -> None:
        """Say a sentence."""
        self._hang("", Text(text, style), _INDENT)

    def rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Give facts by their names."""
        for name, value in rows:
            self._hang(name, Text(value), _INDENT + _NAME_COLUMNS)

    def _hang(self, name: str, text: Text, indent: int) -> None:
        """Print a text beside its name, its further lines below its first; where that is too narrow, below the name."""
        if self.console.width < indent + _NARROW:
            indent = 2 * _INDENT
        first = f"{' ' * _INDENT}{name} ".ljust(indent) if name else " " * indent
        if len(first) > indent:
            self.console.print(Text(first.rstrip(), "cyan"))
            first = " " * indent
        for line in text.wrap(self.console, self.console.width - indent):
            line.rstrip()
            self.console.print(Text.assemble((first, "cyan"), line))
            first = " " * indent

    def refused(self, asked: str, reason: CountersignError, entry: Entry) -> None:
        """Show a refusal, its reason, and the entry that it left."""
        denied = f"denied · {entry.facts['operation']} · {entry.facts['reason']} · the {entry.facts['spoke']} spoke"
        self._hang("", Text.assemble(("REFUSED ", "bold red"), asked), _INDENT)
        self.rows([("  because", str(reason)), (f"  entry {entry.seq}", denied)])

    def good(self, text: str) -> None:
        """Say what ended well."""
        self._hang("", Text.assemble(("✓ ", "bold green"), text), _INDENT)

    def found(self, text: str) -> None:
        """Say what was found to be wrong."""
        self._hang("", Text.assemble(("FOUND ", "bold red"), text), _INDENT)

    def command(self, text: str) -> None:
        """Print a command, unbroken so that it can be copied."""
        self.console.print(Text(f"   $ {text}", "bold"), soft_wrap=True)
