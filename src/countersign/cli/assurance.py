"""`countersign assurance`: every requirement, what keeps it, and which tests fail without it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countersign.cli.door import JsonOption, emit, write_new

if TYPE_CHECKING:
    from rich.console import RenderableType

    from countersign.assurance.catalogue import Assurance, Section

_COLOURS = {"killed": "green", "survived": "bold red", "not run": "yellow"}


def assurance(
    section: Annotated[str, typer.Option(help="Only rows whose id begins so, as AUT or REF-04.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write the table as a page to this new file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show where each requirement is kept, and whether its tests failed when that was last disabled."""
    from countersign.assurance.catalogue import read_assurance

    read = read_assurance().only(section)
    if html is not None:
        from countersign.reports.assurance import to_html

        write_new(html, to_html(read).encode())
    if as_json:
        emit(read, as_json=True, title="")
        return
    _print(read)


def _print(read: "Assurance") -> None:
    """Print the rows by section, and last, where the eye stays, what each section comes to."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for part in read.sections:
        console.print(Text(f"\n{part.title}", style="bold underline"))
        console.print(_rows(part))
    console.print()
    console.print(_overview(read))
    console.print(Text(read.summary, style="bold"))
    console.print(Text("★ bears the load. Killed: its test failed once the rule was disabled.", "dim"))


def _rows(part: "Section") -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Row", no_wrap=True)
    table.add_column("Asks", ratio=1)
    table.add_column("Kept by, or why not", ratio=1, overflow="fold")
    table.add_column("State", no_wrap=True)
    for row in part.rows:
        state = Text(row.mutation, style=_COLOURS[row.mutation]) if row.enforced_by else Text(row.status, style="dim")
        table.add_row(
            row.id + (" ★" if row.star else ""),
            Text(row.asks),
            Text("\n".join([*row.kept_by, row.note]).strip()),
            state,
        )
    return table


def _overview(read: "Assurance") -> "RenderableType":
    from rich.table import Table

    from countersign.assurance.catalogue import Mutation, Status

    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    table.add_column("Section", no_wrap=True)
    for heading in ("Rows", "Enforced", "★ killed", "Killed", "Survived", "Outside", "Later"):
        table.add_column(heading, justify="right", no_wrap=True)
    for part in read.sections:
        enforced, (killed, stars) = part.count(Status.ENFORCED), part.stars
        table.add_row(
            part.title,
            str(len(part.rows)),
            f"{part.share:.0%}",
            f"{killed} of {stars}" if stars else "",
            f"{part.seen(Mutation.KILLED)} of {enforced}",
            *(
                str(number or "")
                for number in (part.seen(Mutation.SURVIVED), part.count(Status.OUTSIDE), part.count(Status.LATER))
            ),
        )
    return table
