"""Reads the rows, and what the last run of `make mutate-governance` saw.

A row names the functions that enforce it. The run disables each of them in turn and expects a test that carries the
row's id to fail. What it saw is kept with the digest of the modules that hold the functions: once one of them has
changed, the row says "not run" until the run is repeated.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import cast

from countersign.errors import Invalid
from countersign.primitives.digest import Sha256, sha256

_HERE = resources.files("countersign.assurance")
AGAINST_LIVE_USE = "LFR-"


class CatalogueError(Invalid):
    """A row that says too little or names nothing."""

    code = "catalogue"


class Status(StrEnum):
    """What became of a row."""

    ENFORCED = "enforced"
    OUTSIDE = "outside"
    LATER = "later"


class Mutation(StrEnum):
    """What happened to the row's tests when its enforcement was disabled."""

    KILLED = "killed"
    SURVIVED = "survived"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requirement and where it is kept.

    Attributes:
        asks: The requirement in a sentence.
        star: One of the forty that bear the load.
        enforced_by: ``module:function`` or ``module:TABLE[key]`` of everything that keeps it; empty unless enforced.
        tests: Tests that carry the row's id, as ``file::test``, at the last run.
        note: Why it is outside software or comes later.
    """

    id: str
    asks: str
    star: bool
    status: Status
    enforced_by: tuple[str, ...]
    tests: tuple[str, ...]
    mutation: Mutation
    note: str

    @property
    def kept_by(self) -> tuple[str, ...]:
        """What keeps the row, as a person reads it: without the package, and without what it gave when disabled."""
        return tuple(name.removeprefix("countersign.").partition(" = ")[0] for name in self.enforced_by)


SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "GOV": "Programme governance",
        "AUT": "Request, authorisation",
        "REF": "Reference collections",
        "PRB": "Probe preparation",
        "ENG": "Search engine",
        "REV": "Human review",
        "REP": "Release and disclosure",
        "LOG": "Log and tamper evidence",
        "RET": "Retention and erasure",
        "DSR": "Data-subject rights",
        "SEC": "Security and breach",
        "EQV": "Validation and equality",
        "LFR": "Against live use",
        "EU": "Law of the Union",
        "STA": "Published statistics",
        "P": "Corrections by practice",
    }
)
"""Sections of the requirements by the letters of their rows, in the order of the requirements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section's rows, and what they come to in numbers."""

    letters: str
    title: str
    rows: tuple[Row, ...]

    def count(self, status: Status) -> int:
        """Count the rows of a status."""
        return sum(row.status == status for row in self.rows)

    def seen(self, mutation: Mutation) -> int:
        """Count the enforced rows of which the last run saw this."""
        return sum(bool(row.enforced_by) and row.mutation == mutation for row in self.rows)

    @property
    def share(self) -> float:
        """Share of the rows that are enforced, in [0, 1]; high is good."""
        return self.count(Status.ENFORCED) / len(self.rows)

    @property
    def stars(self) -> tuple[int, int]:
        """How many of the rows that bear the load were killed, and how many there are."""
        starred = [row for row in self.rows if row.star]
        return sum(row.mutation is Mutation.KILLED for row in starred), len(starred)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """Rows of the catalogue, and what they come to."""

    rows: tuple[Row, ...]

    def only(self, beginning: str) -> "Assurance":
        """Give the rows whose id begins so.

        Raises:
            CatalogueError: There is none.
        """
        rows = tuple(row for row in self.rows if row.id.startswith(beginning))
        if not rows:
            raise CatalogueError(f"expected the beginning of a row's id, as AUT or REF-04, got {beginning!r}")
        return Assurance(rows=rows)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The rows by section, in the order of the requirements."""
        by = {letters: tuple(row for row in self.rows if row.id.split("-")[0] == letters) for letters in SECTIONS}
        return tuple(
            Section(letters=letters, title=SECTIONS[letters], rows=rows) for letters, rows in by.items() if rows
        )

    @property
    def summary(self) -> str:
        """How many rows stand where, in a sentence."""
        status = Counter(row.status for row in self.rows)
        seen = Counter(row.mutation for row in self.rows if row.enforced_by)
        return (
            f"{len(self.rows)} rows: {status[Status.ENFORCED]} enforced ({seen[Mutation.KILLED]} killed, "
            f"{seen[Mutation.SURVIVED]} survived, {seen[Mutation.NOT_RUN]} not run), "
            f"{status[Status.OUTSIDE]} outside software, {status[Status.LATER]} later"
        )


def unfit_for_release(read: Assurance) -> tuple[str, ...]:
    """Name the rows against live use that keep this source from being released (LFR-10).

    None may wait for later, and none may be one whose tests stayed green when what enforces it was disabled.
    """
    return tuple(
        f"{row.id}: {row.status if row.status is Status.LATER else row.mutation}"
        for row in read.rows
        if row.id.startswith(AGAINST_LIVE_USE) and (row.status is Status.LATER or row.mutation is Mutation.SURVIVED)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run saw of one row."""

    mutation: Mutation
    source: Sha256
    tests: tuple[str, ...]


def source_digest(enforced_by: Iterable[str]) -> Sha256:
    """Give the digest of the modules that hold these functions, in the order of their names.

    Raises:
        CatalogueError: A module that does not exist.
    """
    parts: list[bytes] = []
    for module in sorted({name.split(":")[0] for name in enforced_by}):
        try:
            spec = find_spec(module)
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            raise CatalogueError(f"expected a module of this program, got {module}")
        parts.append(module.encode() + b"\n" + Path(spec.origin).read_bytes())
    return sha256(b"\n".join(parts))


def read_assurance() -> Assurance:
    """Read every row with what was last seen of it, sorted by section and number.

    Raises:
        CatalogueError: A row that says too little or names a module that does not exist.
    """
    seen = _seen((_HERE / "results.json").read_text(encoding="utf-8"))
    return Assurance(
        rows=tuple(_row(name, raw, seen.get(name)) for name, raw in sorted(_raw_rows().items(), key=_place))
    )


def _raw_rows() -> dict[str, Mapping[str, object]]:
    pages = [page for page in (_HERE / "rows").iterdir() if page.name.endswith(".toml")]
    return {name: raw for page in pages for name, raw in tomllib.loads(page.read_text(encoding="utf-8")).items()}


def _place(item: tuple[str, object]) -> tuple[str, int]:
    section, number = item[0].split("-")
    return section, int(number)


def _seen(text: str) -> dict[str, Seen]:
    return {
        name: Seen(mutation=Mutation(one["mutation"]), source=Sha256(one["source"]), tests=tuple(one["tests"]))
        for name, one in json.loads(text).items()
    }


def _row(name: str, raw: Mapping[str, object], seen: Seen | None) -> Row:
    enforced_by = tuple(cast("list[str]", raw.get("enforced_by", [])))
    status, note = Status(str(raw["status"])), str(raw.get("note", ""))
    if (status is Status.ENFORCED) != bool(enforced_by):
        raise CatalogueError(f"expected {name} to name what enforces it exactly when it is enforced, got {enforced_by}")
    if status is not Status.ENFORCED and not note:
        raise CatalogueError(f"expected a reason why {name} is {status}, got none")
    holds = seen is not None and bool(enforced_by) and seen.source == source_digest(enforced_by)
    return Row(
        id=name,
        asks=str(raw["asks"]),
        star=bool(raw.get("star", False)),
        status=status,
        enforced_by=enforced_by,
        tests=seen.tests if seen else (),
        mutation=seen.mutation if seen and holds else Mutation.NOT_RUN,
        note=note,
    )
