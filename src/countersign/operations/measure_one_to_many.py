"""Measure one-to-many search on labelled pictures. Opens nothing of a programme and gives aggregates only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from countersign.evaluation.headline import CCTV, CUSTODY, OTHERS, VIEWS
from countersign.evaluation.manifest import Picture, first_of_each, read_manifest, select
from countersign.evaluation.one_to_many import OneToMany, one_to_many
from countersign.evaluation.searches import Roles, read_templates, search_all
from countersign.governance.policy_pack import PolicyPack
from countersign.operations.desk import Engine, Progress
from countersign.operations.read_pictures import PictureReader
from countersign.operations.search_conditions import point_of
from countersign.search.operating_point import OperatingPoint

__all__ = ["MeasureOneToMany", "OneToMany", "measure_one_to_many", "pack_points", "roles_of"]

POWER = 8
"""Exponent of the still weight in the shipped packs, where no pack says another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureOneToMany:
    """Which pictures of a manifest are what; patterns are ``kind``, ``dataset:kind`` or ``dataset:kind:view``.

    Attributes:
        others: Of each subject the first picture fills the gallery; subjects that are searched with are left out.
        views: ``frontal``, ``seven`` or ``all`` of the references whose view names a turn of the head.
        sets: All probes of a subject make one search.
        pack: Whose operating points are measured as well.
    """

    data: Path
    references: tuple[str, ...] = (CUSTODY,)
    probes: tuple[str, ...] = (CCTV,)
    others: tuple[str, ...] = (OTHERS,)
    views: str = "seven"
    sets: bool = False
    pack: PolicyPack | None = None
    seed: int = 0


def roles_of(arguments: MeasureOneToMany) -> Roles:
    """Give who is what; a picture that is a reference is no probe, and one who is searched with fills no gallery.

    Raises:
        SelectionError: A pattern means no picture.
    """
    pictures = read_manifest(arguments.data)
    views = VIEWS[arguments.views]
    references = tuple(
        one for one in select(pictures, arguments.references) if views is None or one.view is None or one.view in views
    )
    enrolled = {one.path for one in references}
    probes = tuple(one for one in select(pictures, arguments.probes) if one.path not in enrolled)
    known = {one.subject for one in (*references, *probes)}
    others = select(pictures, arguments.others) if arguments.others else ()
    return Roles(
        references=references,
        others=first_of_each(one for one in others if one.subject not in known),
        probes=probes,
        sets=arguments.sets,
    )


def pack_points(pack: PolicyPack | None) -> tuple[OperatingPoint, ...]:
    """Give the operating points of a pack."""
    return tuple(point_of(pack, name) for name in pack.operating_points) if pack else ()


def reader(engine: Engine, progress: Progress, pictures: Sequence[Picture], probes: Sequence[Picture]) -> PictureReader:
    """Give what reads the pictures; a probe is looked at as the product looks at one."""
    searched_with = {one.path for one in probes}
    return PictureReader(
        engine, progress, is_probe=searched_with.__contains__, expected=len({one.path for one in pictures})
    )


def measure_one_to_many(
    engine: Engine, arguments: MeasureOneToMany, progress: Progress, *, threads: int = 1
) -> OneToMany:
    """Measure: ranks, operating points, curves, strata, groups, and every failure counted.

    Args:
        engine: The networks to measure.
        arguments: Which pictures.
        progress: Told (pictures done, pictures in all).
        threads: Pictures that are read at a time.
    """
    roles, points = roles_of(arguments), pack_points(arguments.pack)
    read = reader(engine, progress, roles.everything, roles.probes)
    templates = read_templates(read, roles.everything, threads=threads)
    power = arguments.pack.fusion_power if arguments.pack else POWER
    gallery, searches = search_all(roles, templates, power=power, points=points)
    return one_to_many(roles, templates, gallery.exact.n_subjects, searches, points=points, seed=arguments.seed)
