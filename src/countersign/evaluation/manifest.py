"""Labelled pictures: the rows of a ``manifest.csv``, and how a measurement picks among them."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path

from countersign.errors import Invalid

_COLUMNS = ("dataset", "subject", "file", "kind", "view")
LABELS = ("sex", "age", "ethnicity")
"""Columns that a manifest may have beside those it must have; they say of whom the rates are, and steer nothing."""

UNKNOWN = "unknown"
_VIEW = re.compile(r"yaw=(-?\d+),pitch=(-?\d+)")
_YEARS = re.compile(r"(\d+)(?:\.\d+)?(?:-\d+)?")
_BANDS = ((18, "under 18"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"))
_ELDEST = "60 and over"


class ManifestColumnsError(Invalid):
    """The manifest is not one of labelled face data."""

    code = "evaluation_manifest"


class SelectionError(Invalid):
    """No picture of the manifest is meant by what was asked for."""

    code = "evaluation_selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One row of the manifest.

    Attributes:
        subject: ``dataset/subject``; of a row without one the file's name, as nobody is known to be in two.
        view: Yaw and pitch in degrees where the manifest's view names them.
        view_text: The view as the manifest has it: a pose, a camera, an encounter.
        labels: ``sex``, ``age`` (a band of years), ``ethnicity``; `UNKNOWN` where the manifest says nothing.
    """

    subject: str
    kind: str
    view: tuple[int, int] | None
    path: Path
    dataset: str = ""
    view_text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def read_manifest(folder: Path) -> tuple[Picture, ...]:
    """Read ``manifest.csv``: dataset, subject, file, kind, view and, where there are, sex, age, ethnicity.

    Raises:
        ManifestColumnsError: There is none, it is not UTF-8, or it lacks a column.
    """
    try:
        with (folder / "manifest.csv").open(newline="", encoding="utf-8") as stream:
            reader = csv.DictReader(stream, restval="")
            if not set(_COLUMNS) <= set(reader.fieldnames or ()):
                raise ManifestColumnsError(f"expected the columns {sorted(_COLUMNS)}, got {reader.fieldnames}")
            return tuple(_picture(folder, row) for row in reader)
    except (OSError, UnicodeDecodeError) as cause:
        raise ManifestColumnsError(f"expected a manifest.csv in {folder}, got: {cause}") from cause


def _picture(folder: Path, row: Mapping[str, str]) -> Picture:
    view = _VIEW.fullmatch(row["view"])
    return Picture(
        subject=f"{row['dataset']}/{row['subject'] or row['file']}",
        kind=row["kind"],
        view=(int(view[1]), int(view[2])) if view else None,
        path=folder / row["file"],
        dataset=row["dataset"],
        view_text=row["view"],
        labels={
            "sex": row.get("sex") or UNKNOWN,
            "age": age_band(row.get("age") or ""),
            "ethnicity": (row.get("ethnicity") or UNKNOWN).lower().replace("_", " "),
        },
    )


def age_band(age: str) -> str:
    """Give the band of an age in years, whole, decimal or a span of years of which the first counts.

    Example:
        >>> [age_band(age) for age in ("17", "18.02", "20-29", "60", "")]
        ['under 18', '18-29', '18-29', '60 and over', 'unknown']
    """
    years = _YEARS.fullmatch(age.strip())
    if not years:
        return UNKNOWN
    return next((name for end, name in _BANDS if int(years[1]) < end), _ELDEST)


def select(pictures: Iterable[Picture], patterns: Iterable[str]) -> tuple[Picture, ...]:
    """Give the pictures that one of the patterns means, sorted by subject and name.

    Args:
        pictures: The manifest.
        patterns: ``kind``, ``dataset:kind`` or ``dataset:kind:view``; each part may hold ``*``.

    Raises:
        SelectionError: A pattern means no picture.

    Example:
        >>> one = Picture(subject="meds/1", kind="smiling", view=None, path=Path("a"), dataset="meds",
        ...               view_text="enc=1")
        >>> len(select([one], ["smiling"])), len(select([one], ["meds:*:enc=1*"]))
        (1, 1)
    """
    everything = tuple(pictures)
    taken: set[Path] = set()
    for pattern in patterns:
        meant = {one.path for one in everything if _means(pattern, one)}
        if not meant:
            kinds = sorted({f"{one.dataset}:{one.kind}" for one in everything})
            raise SelectionError(f"expected one of {kinds}, got {pattern!r}, which means no picture")
        taken |= meant
    return tuple(sorted((one for one in everything if one.path in taken), key=_order))


def _means(pattern: str, picture: Picture) -> bool:
    parts = pattern.split(":", 2)
    if len(parts) == 1:
        parts = ["*", *parts]
    given = (picture.dataset, picture.kind, picture.view_text)
    return all(fnmatchcase(value, part) for value, part in zip(given, parts, strict=False))


def first_of_each(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Give one picture a subject, the first by name."""
    return tuple(next(of_one) for _, of_one in groupby(sorted(pictures, key=_order), key=lambda one: one.subject))


def _order(picture: Picture) -> tuple[str, str]:
    return picture.subject, str(picture.path)
