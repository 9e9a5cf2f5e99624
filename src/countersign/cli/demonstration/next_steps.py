"""The end of the demonstration: where everything lies, commands that go on from there, and how to use own images."""

import shutil
import sys
from pathlib import Path

from countersign.cli.demonstration.stage import Stage


def tell_places(stage: Stage) -> None:
    """Print where everything lies and what the reader can do next."""
    tell, chronicle, folder = stage.tell, stage.chronicle, stage.folder
    chronicle.places = _places(stage)
    tell.chapter("Where everything lies", f"The story took {chronicle.took_s:.0f} s. All of it lies in {folder.out}:")
    tell.rows((name, path) for name, path in chronicle.places.items())
    tell.say(
        f"\nGo on from here, as any of these people, on the machine's own clock ({folder.people} holds their keys):"
    )
    for line in commands(stage):
        tell.command(line)
    tell.say("\nIn a browser, as any of these people with one click, at http://localhost:8000 (after the line above):")
    tell.command(f"{program()} serve --people {folder.people}")
    tell.say("\nWith your own images, of people who agreed to it (at most 50; not erased from where they are):")
    tell.command("make demo FACES=folder")
    tell.rows([
        ("folder/references/", "<subject>/*.jpg: one folder a known person"),
        ("folder/probes/", "<name>/*.jpg: one folder an unknown person; examiners support the reference of that name"),
    ])  # fmt: skip
    tell.say(
        f"\nTo be erased after {chronicle.erase_after}. The next demonstration in {folder.out} erases this one; so does"
    )
    tell.command(f"{program()} demo --erase --out {folder.out}")


def _places(stage: Stage) -> dict[str, str]:
    folder, cases = stage.folder, stage.chronicle.cases
    found = {
        "lead report": next(
            (path for case in cases for path in case.reports if Path(path).name.startswith("lead-")), ""
        ),
        "search report": next((path for case in cases for path in case.reports if "search-" in Path(path).name), ""),
        "annotated picture": next((path for case in cases for path in case.annotated), ""),
        "all reports": str(folder.reports) if len(cases) > 1 else "",
        "export of the log": str(folder.export),
        "changed copy of it": str(folder.changed),
        "verifier": str(folder.verifier),
        "people's keys": str(folder.people / "*.key"),
        "database and blobs": str(folder.data),
        "wrapped keys": str(folder.keys),
        "file witness": str(folder.witness),
    }
    return {name: path for name, path in found.items() if path}


def commands(stage: Stage) -> list[str]:
    """Give commands that work on what the demonstration left."""
    folder, countersign = stage.folder, program()
    settings = " ".join(
        f"COUNTERSIGN_{name.upper()}={place}"
        for name, place in (("data", folder.data), ("keys", folder.keys), ("witness", folder.witness))
    )
    request = next((case.request for case in stage.chronicle.cases if case.request), None)
    shown = [f"{countersign} request show {request} --key {folder.people / 'officer.key'}"] if request else []
    return [f"export {settings}", f"{countersign} programme status", *shown, f"{countersign} ledger verify"]


def program() -> str:
    """Give how this very command is called from here."""
    if shutil.which("countersign"):
        return "countersign"
    beside = Path(sys.executable).with_name("countersign")
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)
