"""The pictures that a demonstration works on: public photographs that packages carry, or somebody's own folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from countersign.errors import Invalid, NotFound, Refused
from countersign.operations.desk import Engine
from countersign.operations.make_still import make_still

MOST_SUBJECTS = 50
"""Practice P-18: no more own subjects than these, with a declaration of consent."""

DECLARATION = (
    "By giving your own images you declare that each person shown agreed to this demonstration, or is you. They are"
    " copied into the output folder, encrypted; nothing is sent anywhere; all of it is to be erased after 24 hours."
)
_SEED = 1
_STILL = "still.jpg"


class PhotographMissingError(NotFound):
    """A package that carries a photograph of the demonstration is not installed."""

    code = "photograph_missing"


class OwnFolderError(Invalid):
    """The folder of own images has another shape."""

    code = "own_folder"


class TooManySubjectsError(Refused):
    """More people than a demonstration may hold."""

    code = "too_many_subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A photograph in the public domain, and the package that carries it."""

    subject: str
    module: str
    path: str
    package: str
    credit: str


PHOTOGRAPHS = (
    Photograph(
        subject="astronaut",
        module="skimage",
        path="data/astronaut.png",
        package="scikit-image",
        credit="Eileen Collins; NASA, public domain",
    ),
    Photograph(
        subject="rear-admiral",
        module="matplotlib",
        path="mpl-data/sample_data/grace_hopper.jpg",
        package="matplotlib",
        credit="Grace Hopper; US Navy, public domain",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """One unknown person: a name for the folder, and the stills of that person."""

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """References, and the unknown people to look for.

    Attributes:
        references: Folder ``<subject>/*``.
        loose: Files that lie where no file is looked for.
        credits: What to say of each subject's pictures; empty for own images.
    """

    references: Path
    unknown: tuple[Unknown, ...]
    loose: tuple[Path, ...] = ()
    credits: tuple[tuple[str, str], ...] = ()

    @property
    def subjects(self) -> list[str]:
        """Names of the folders of references."""
        return sorted(place.name for place in self.references.iterdir() if place.is_dir())

    @property
    def files(self) -> list[Path]:
        """All files of references."""
        return [file for subject in self.subjects for file in _files(self.references / subject)]

    def pictures_of(self, subject: str) -> frozenset[bytes]:
        """Give the bytes of a subject's reference files."""
        place = self.references / subject
        files = [file for file in _files(place) if file.is_file()] if place.is_dir() else []
        return frozenset(file.read_bytes() for file in files if os.access(file, os.R_OK))


def photographs() -> list[tuple[Photograph, Path]]:
    """Find the photographs without importing the packages that carry them.

    Raises:
        PhotographMissingError: A package is not installed; the message says which.
    """
    found = [(one, _locate(one)) for one in PHOTOGRAPHS]
    missing = [one.package for one, path in found if path is None]
    if missing:
        raise PhotographMissingError(
            f"expected the packages that carry the photographs, got none of: {', '.join(missing)};"
            f" install them with `pip install {' '.join(missing)}`, or use your own images with --faces FOLDER"
        )
    return [(one, path) for one, path in found if path is not None]


def _locate(photograph: Photograph) -> Path | None:
    spec = find_spec(photograph.module)
    places = [Path(place, photograph.path) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((place for place in places if place.is_file()), None)


def public_material(engine: Engine, pictures: Path, found: Sequence[tuple[Photograph, Path]]) -> Material:
    """Copy the photographs into the demonstration's folder and make a still of the first."""
    for photograph, path in found:
        place = pictures / "references" / photograph.subject
        place.mkdir(parents=True)
        (place / path.name).write_bytes(path.read_bytes())
    photograph, path = found[0]
    still = pictures / "probes" / photograph.subject / _STILL
    still.parent.mkdir(parents=True)
    still.write_bytes(make_still(engine, path.read_bytes(), seed=_SEED))
    return Material(
        references=pictures / "references",
        unknown=(Unknown(name=photograph.subject, files=(still,)),),
        credits=tuple((one.subject, f"{one.credit} (carried by {one.package})") for one, _ in found),
    )


def own_material(folder: Path) -> Material:
    """Read a folder of own images: ``references/<subject>/*`` and ``probes/<name>/*``.

    Raises:
        OwnFolderError: It has another shape.
        TooManySubjectsError: More than fifty people.
    """
    references, probes = folder / "references", folder / "probes"
    for place in (references, probes):
        if not place.is_dir() or not any(one.is_dir() for one in place.iterdir()):
            raise OwnFolderError(f"expected {place}/<name>/ folders with pictures in them, got none")
    people = [one for place in (references, probes) for one in place.iterdir() if one.is_dir()]
    most = max(sum(one.parent == place for one in people) for place in (references, probes))
    if most > MOST_SUBJECTS:
        raise TooManySubjectsError(f"expected at most {MOST_SUBJECTS} people in a demonstration, got {most}")
    return Material(
        references=references,
        unknown=tuple(
            Unknown(name=one.name, files=tuple(_files(one))) for one in sorted(people) if one.parent == probes
        ),
        loose=tuple(file for place in (references, probes) for file in _files(place)),
    )


def _files(place: Path) -> list[Path]:
    return sorted(one for one in place.iterdir() if not one.is_dir() and not one.name.startswith("."))
