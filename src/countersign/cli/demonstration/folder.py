"""The demonstration's own output folder: marked as one, due for erasure after a day, never somebody else's."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from countersign.errors import Conflict, NotFound
from countersign.primitives.clock import parse_rfc3339, rfc3339

MARKER = "demonstration.json"
KEPT = timedelta(hours=24)
"""Practice P-18: a demonstration is erased after a day."""


class OutputTakenError(Conflict):
    """Something lies there that no demonstration made; it is left alone."""

    code = "output_taken"


class NoDemonstrationError(NotFound):
    """There is no demonstration to erase."""

    code = "no_demonstration"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """Where everything of one demonstration lies."""

    out: Path

    @property
    def data(self) -> Path:
        """Database and blobs."""
        return self.out / "data"

    @property
    def keys(self) -> Path:
        """Wrapped keys."""
        return self.out / "keys"

    @property
    def witness(self) -> Path:
        """The file witness."""
        return self.out / "witness"

    @property
    def people(self) -> Path:
        """Private keys of the scripted people."""
        return self.out / "people"

    @property
    def pictures(self) -> Path:
        """Photographs, stills, annotated pictures."""
        return self.out / "pictures"

    @property
    def reports(self) -> Path:
        """Reports, HTML and PDF."""
        return self.out / "reports"

    @property
    def export(self) -> Path:
        """The log as it is given to an outsider."""
        return self.out / "export"

    @property
    def changed(self) -> Path:
        """A copy of the export in which one entry was changed."""
        return self.out / "export-changed"

    @property
    def verifier(self) -> Path:
        """The one file that verifies an export."""
        return self.out / "countersign-verify"


def prepare(out: Path, now: datetime) -> tuple[DemoFolder, str]:
    """Make the folder anew and mark it.

    Returns:
        The folder, and what was erased to make room (empty when nothing was there).

    Raises:
        OutputTakenError: Something lies there that no demonstration made.
    """
    is_free = not out.is_symlink() and (not out.exists() or (out.is_dir() and not any(out.iterdir())))
    said = "" if is_free else erase(out, now)
    folder = DemoFolder(out=out)
    for place in (folder.people, folder.pictures, folder.reports):
        place.mkdir(parents=True)
    folder.people.chmod(0o700)
    marker = {"kind": "demonstration", "made_at": rfc3339(now), "erase_after": rfc3339(now + KEPT)}
    (out / MARKER).write_text(json.dumps(marker, indent=1) + "\n", encoding="utf-8")
    return folder, said


def erase(out: Path, now: datetime) -> str:
    """Erase a demonstration with its keys, and say what was erased.

    Raises:
        NoDemonstrationError: Nothing lies there.
        OutputTakenError: No demonstration made what lies there.
    """
    if not out.exists():
        raise NoDemonstrationError(f"expected a demonstration in {out}, got nothing there")
    due = _due(out)
    if due is None:
        raise OutputTakenError(f"expected a folder that a demonstration made, got something else in {out}: left alone")
    shutil.rmtree(out)
    when = f"due since {rfc3339(due)}" if due <= now else "before it was due"
    return f"Erased the earlier demonstration in {out}, {when}."


def _due(out: Path) -> datetime | None:
    """Give when the folder's demonstration is to be erased; None when it holds none."""
    if out.is_symlink():  # what it points to may be anything
        return None
    try:
        marker = json.loads((out / MARKER).read_text(encoding="utf-8"))
        return parse_rfc3339(marker["erase_after"]) if marker["kind"] == "demonstration" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
