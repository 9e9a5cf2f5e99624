"""The open-set protocol: who is in the gallery, what is searched with, and who is a mate.

References and probes are folders ``<subject>/<picture>``. A probe is mated when there is a reference folder of the same
name, also when nothing in it could be enrolled: then it fails, and the failure counts. A non-mated search is the same
search with the mate left out, so that every probe serves for both rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Protocol

from countersign.errors import Invalid
from countersign.primitives.arrays import Codes

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif"})


class NoSamplesError(Invalid):
    """A folder without pictures of subjects."""

    code = "no_samples"


class PerProbe(StrEnum):
    """What one search is made with: each still by itself, or all stills of a person together."""

    STILL = "still"
    SET = "set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One picture of one subject."""

    subject: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTemplate:
    """The template of one picture and the quality of the sample.

    Attributes:
        codes: Shape (d,), within ±127.
        unified: Quality in [0, 1], high is good; it orders the views of a reference and weighs the stills of a probe.
        measures: Raw value of each measured component of quality, in the component's own unit.
    """

    codes: Codes
    unified: float
    measures: Mapping[str, float] = field(default_factory=dict)


class ReadTemplate(Protocol):
    """Makes the template of the one person a picture shows."""

    def __call__(self, picture: Path, /) -> SampleTemplate:
        """Give the template. Any ``CountersignError`` it raises is counted as a failure and listed with its code."""
        ...


def read_folder(folder: Path, *, first_only: bool = False) -> tuple[Sample, ...]:
    """List the pictures ``<folder>/<subject>/<picture>``, sorted by subject and name.

    Args:
        folder: Where the subjects' folders lie.
        first_only: Take one picture a subject, the first by name.

    Raises:
        NoSamplesError: There is no such picture.
    """
    pictures = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in _PICTURES and path.is_file())
    if not pictures:
        raise NoSamplesError(f"expected pictures as {folder}/<subject>/<picture>, got none")
    samples = tuple(Sample(subject=path.parent.name, path=path) for path in pictures)
    if first_only:
        return tuple(next(of_one) for _, of_one in groupby(samples, key=lambda sample: sample.subject))
    return samples
