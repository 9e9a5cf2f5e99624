"""A report in reading order, whatever it is drawn as: a title, a caveat, and sections of facts or opinions."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Facts and opinions stand apart (REP-07)."""

    FACTS = "Facts"
    OPINIONS = "Opinions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fact and its name; ``digest`` sets it in a typewriter face and lets it break anywhere."""

    name: str
    value: str
    digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Facts of several things of one kind."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    digest_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with what belongs under it."""

    part: Part
    heading: str
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    note: str = ""
    pictured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report in reading order."""

    title: str
    subtitle: str
    watermark: str
    caveat: str
    footer: str
    sections: tuple[Section, ...]
