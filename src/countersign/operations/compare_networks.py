"""Run two registered networks on the same pictures. Opens nothing of a programme and gives aggregates only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from countersign.errors import Invalid
from countersign.evaluation.comparing import Comparison, compare_pairs, compare_searches
from countersign.evaluation.manifest import Picture
from countersign.evaluation.one_to_one import Compared, compare_all
from countersign.evaluation.pairs import Pair, read_pairs
from countersign.evaluation.searches import Roles, Searched, read_templates, search_all
from countersign.faces.detection import Detection
from countersign.inference.registry import Registry, Role
from countersign.operations.desk import Engine, Progress
from countersign.operations.measure_one_to_many import POWER, MeasureOneToMany, reader, roles_of
from countersign.operations.measure_one_to_one import pictures_of
from countersign.primitives.arrays import Codes, RgbImage
from countersign.primitives.digest import sha256

__all__ = ["CompareNetworks", "Comparison", "compare_networks", "role_of_both"]


class UnlikeNetworksError(Invalid):
    """The two do different work, or are one and the same."""

    code = "networks_unlike"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareNetworks:
    """On what two networks are compared.

    Attributes:
        searches: Which pictures are what; a pack plays no part, since thresholds are in each extractor's own unit.
        views: Each of them a gallery of its own; every gallery is searched with single probes and with sets of them.
        pairs: File of pairs for one-to-one comparison, if any, and the folder of their pictures.
        same_detector: Both look at pictures with one detector, so the second look is the first one's.
    """

    searches: MeasureOneToMany
    views: tuple[str, ...] = ("frontal", "seven")
    pairs: tuple[Path, Path] | None = None
    same_detector: bool = True


@dataclass(slots=True)
class _Looks:
    """An engine that takes over where another one has seen faces."""

    engine: Engine
    seen: dict[tuple[str, bool], tuple[Detection, ...]] = field(default_factory=dict)

    @property
    def extractor(self) -> str:
        return self.engine.extractor

    @property
    def network(self) -> str:
        return self.engine.network

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        return self.engine.glimpse(rgb)

    def locate(self, rgb: RgbImage, *, thorough: bool) -> tuple[Detection, ...]:
        look = (sha256(str(rgb.shape).encode() + np.ascontiguousarray(rgb).tobytes()), thorough)
        if look not in self.seen:
            self.seen[look] = self.engine.locate(rgb, thorough=thorough)
        return self.seen[look]

    def describe_probe(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        return self.engine.describe_probe(faces)

    def describe_reference(self, faces: Sequence[tuple[RgbImage, Detection]]) -> Codes:
        return self.engine.describe_reference(faces)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one network gave: searches by protocol with N, and pairs."""

    searches: dict[str, tuple[tuple[Searched, ...], int]]
    pairs: tuple[Compared, ...]


def role_of_both(registry: Registry, first: str, second: str) -> Role:
    """Give what two networks do.

    Raises:
        UnknownNetworkError: One is not registered.
        UnlikeNetworksError: They do different work, or are the same.
    """
    one, other = registry.get(first), registry.get(second)
    if one.role != other.role or first == second:
        raise UnlikeNetworksError(
            f"expected two networks that do the same, got {first} ({one.role}) and {second} ({other.role})"
        )
    return one.role


def compare_networks(
    first: Engine, second: Engine, arguments: CompareNetworks, progress: Progress, *, threads: int = 1
) -> tuple[Comparison, ...]:
    """Compare with paired intervals over people: each gallery, single probes and sets, then the pairs.

    Args:
        first: A.
        second: B.
        arguments: On what.
        progress: Told (pictures done, pictures in all), each picture counted twice.
        threads: Pictures that are read at a time.

    Raises:
        SelectionError: A pattern means no picture.
        PairsError: The file is not one of pairs.
    """
    protocols = {
        f"{views} {'sets' if sets else 'single'}": roles_of(replace(arguments.searches, views=views, sets=sets))
        for views in arguments.views
        for sets in (False, True)
    }
    pairs = read_pairs(*arguments.pairs) if arguments.pairs else ()
    looks = _Looks(first)
    other = _Looks(second, looks.seen) if arguments.same_detector else second
    one, two = (
        _measure(engine, protocols, pairs, _half(progress, at), threads) for at, engine in enumerate((looks, other))
    )
    seed = arguments.searches.seed
    compared = [
        compare_searches(name, searches, two.searches[name][0], min(size, two.searches[name][1]), seed=seed)
        for name, (searches, size) in one.searches.items()
    ]
    return (*compared, compare_pairs(one.pairs, two.pairs, seed=seed)) if pairs else tuple(compared)


def _half(progress: Progress, at: int) -> Progress:
    return lambda done, everything: progress(at * everything + done, 2 * everything)


def _measure(
    engine: Engine, protocols: dict[str, Roles], pairs: Sequence[Pair], progress: Progress, threads: int
) -> _Measured:
    probes = {one.path: one for roles in protocols.values() for one in roles.probes}
    paired = [one for one in pictures_of(pairs) if one.path not in probes]
    everything: dict[Path, Picture] = {one.path: one for roles in protocols.values() for one in roles.everything}
    everything |= {one.path: one for one in paired if one.path not in everything}
    read = reader(engine, progress, list(everything.values()), list(probes.values()))
    templates = read_templates(read, list(everything.values()), threads=threads)
    searches = {}
    for name, roles in protocols.items():
        gallery, found = search_all(roles, templates, power=POWER)
        searches[name] = (found, gallery.exact.n_subjects)
    return _Measured(searches=searches, pairs=compare_all(pairs, templates))
