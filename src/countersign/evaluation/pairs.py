"""Pairs of pictures for one-to-one comparison: the text file of LFW, or a CSV of two file names and a label."""

import csv
from dataclasses import dataclass
from pathlib import Path

from countersign.errors import Invalid

_LFW_MATED, _LFW_NON_MATED = 3, 4
_TRUE, _FALSE = frozenset({"1", "true", "yes", "mated"}), frozenset({"0", "false", "no", "non-mated"})


class PairsError(Invalid):
    """The file is not one of pairs."""

    code = "evaluation_pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pictures, and whether they show one person.

    Attributes:
        subjects: Of whom each is, for the bootstrap; the folder's name where the file does not say.
    """

    first: Path
    second: Path
    subjects: tuple[str, str]
    mated: bool


def read_pairs(file: Path, folder: Path) -> tuple[Pair, ...]:
    """Read pairs: CSV with the columns ``first, second, mated``, or lines as in LFW's ``pairs.txt``.

    Args:
        file: A name that ends in ``.csv`` is a CSV; anything else is read as LFW's.
        folder: Where the files of a CSV, or the people's folders of LFW, lie.

    Raises:
        PairsError: It cannot be read, holds something else, or holds no pair.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise PairsError(f"expected a file of pairs, got: {cause}") from cause
    pairs = _from_csv(text, folder) if file.suffix.lower() == ".csv" else _from_lfw(text, folder)
    if not pairs:
        raise PairsError(f"expected at least one pair in {file.name}, got none")
    return pairs


def _from_csv(text: str, folder: Path) -> tuple[Pair, ...]:
    rows = csv.DictReader(text.splitlines(), restval="")
    if not {"first", "second", "mated"} <= set(rows.fieldnames or ()):
        raise PairsError(f"expected the columns first, second, mated, got {rows.fieldnames}")
    return tuple(
        Pair(
            first=folder / row["first"],
            second=folder / row["second"],
            subjects=(Path(row["first"]).parent.name, Path(row["second"]).parent.name),
            mated=_truth(row["mated"]),
        )
        for row in rows
    )


def _truth(word: str) -> bool:
    said = word.strip().lower()
    if said not in _TRUE | _FALSE:
        raise PairsError(f"expected one of {sorted(_TRUE | _FALSE)}, got {word!r}")
    return said in _TRUE


def _from_lfw(text: str, folder: Path) -> tuple[Pair, ...]:
    """Read ``name n m`` and ``name n other m``, parted by tabs; the first line counts folds and pairs."""
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in line.split("\t")]
        if number == 1 or not line.strip():
            continue
        if len(parts) not in {_LFW_MATED, _LFW_NON_MATED}:
            raise PairsError(f"expected 3 or 4 parts parted by tabs in line {number}, got {len(parts)}")
        other = parts[0] if len(parts) == _LFW_MATED else parts[2]
        pairs.append(
            Pair(
                first=_lfw_file(folder, parts[0], parts[1], number),
                second=_lfw_file(folder, other, parts[-1], number),
                subjects=(parts[0], other),
                mated=len(parts) == _LFW_MATED,
            )
        )
    return tuple(pairs)


def _lfw_file(folder: Path, name: str, place: str, line: int) -> Path:
    if not place.isdecimal():
        raise PairsError(f"expected the number of a picture in line {line}, got {place!r}")
    return folder / name / f"{name}_{int(place):04d}.jpg"
