"""`countersign assurance`: every requirement, what keeps it, and which tests fail without it."""

from pathlib import Path
from typing import Annotated

import typer

from countersign.cli.door import JsonOption, emit, write_new

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
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Row", "Asks", "Kept by, or why not", "Disabled", box=None, pad_edge=False, header_style="bold")
    for row in read.rows:
        state = Text(row.mutation if row.enforced_by else row.status, style=_COLOURS[row.mutation])
        names = [name.removeprefix("countersign.") for name in row.enforced_by]
        table.add_row(
            Text(row.id + (" ★" if row.star else ""), no_wrap=True),
            row.asks,
            Text("\n".join([*names, row.note])),
            state,
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(Text(read.summary, style="bold"))
