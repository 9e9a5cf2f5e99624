"""What the pages claim of quality, fusion and int8, counted on the research sets: every picture is looked at once."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from countersign.evaluation.comparing import compare_pairs, compare_searches
from countersign.evaluation.degradation import FACE_WIDTH_PX, degrade
from countersign.evaluation.headline import VIEWS, threshold_at
from countersign.evaluation.manifest import Picture, first_of_each, read_manifest
from countersign.evaluation.one_to_one import compare_all
from countersign.evaluation.outcomes import DISCARDED, Outcomes
from countersign.evaluation.pairs import read_pairs
from countersign.evaluation.resampling import Estimate, People, Places
from countersign.evaluation.searches import NEVER, Gallery, Roles, Searched, Templates, read_templates, search_all
from countersign.media.intake import read_file
from countersign.media.sandbox.decoder import decode_image
from countersign.operations.desk import quiet
from countersign.operations.measure_one_to_one import pictures_of
from countersign.operations.read_pictures import PictureReader
from countersign.operations.reference_source import LIMIT_BYTES
from countersign.primitives.arrays import RgbImage
from tests.journeys.command_line import RememberingEngine

pytestmark = pytest.mark.long

LONG = bool(os.environ.get("COUNTERSIGN_LONG"))
PEOPLE = 1000 if LONG else 24
WIDTHS_PX = (FACE_WIDTH_PX, FACE_WIDTH_PX // 2) if LONG else (FACE_WIDTH_PX,)
PAIRS = 300 if LONG else 40
POWER = 8

Wrong = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was described: 60 stills of cameras and photographs with worse copies, among N = 613.

    Attributes:
        detected: The detector's own score of each probe; -1 where it located no face.
    """

    roles: Roles
    templates: Templates
    gallery: Gallery
    searches: tuple[Searched, ...]
    detected: NDArray[np.float64]

    @property
    def stills(self) -> list[int]:
        """Give the places of the stills of cameras."""
        return [at for at, one in enumerate(self.roles.probes) if one.kind == "cctv"]

    def only(self, places: list[int]) -> tuple[Outcomes, NDArray[np.float64], NDArray[np.float64]]:
        """Give outcomes, unified quality and the detector's score of some searches."""
        searches = [self.searches[place] for place in places]
        unified = np.array([-1.0 if one.quality is None else one.quality for one in searches])
        return Outcomes(searches), unified, self.detected[places]


def _rgb(file: Path) -> RgbImage:
    return decode_image(read_file(str(file), limit_bytes=LIMIT_BYTES).data).rgb_upright


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, research_images: Path, networks: RememberingEngine) -> Seen:
    pictures = read_manifest(research_images)
    lfw = first_of_each(one for one in pictures if one.dataset == "lfw")
    photographs = [one for one in pictures if one.dataset == "frmdb" and one.kind == "mugshot"]
    enrolled = [one for one in photographs if one.view in (VIEWS["seven"] or ())]
    stills = [one for one in pictures if one.kind == "cctv"]
    second = [one for one in pictures if one.dataset == "lfw" and one.path.stem.endswith("_0002")][:PEOPLE]
    worse = _worse(second, tmp_path_factory.mktemp("worse"), networks)
    roles = Roles(references=(*enrolled, *lfw), others=(), probes=(*stills, *second, *worse))
    probes = {one.path for one in roles.probes}
    read = PictureReader(networks, quiet, is_probe=probes.__contains__, expected=len(roles.everything))
    templates = read_templates(read, roles.everything, threads=2)
    gallery, searches = search_all(roles, templates, power=POWER)
    found = [networks.locate(_rgb(one.path), thorough=True) for one in roles.probes]
    detected = np.array([faces[0].score if faces else -1.0 for faces in found])
    return Seen(roles, templates, gallery, searches, detected)


def _worse(good: list[Picture], folder: Path, networks: RememberingEngine) -> list[Picture]:
    rng, copies = np.random.default_rng(7), []
    for one in good:
        rgb = _rgb(one.path)
        face = networks.locate(rgb, thorough=True)[0]
        for width_px in WIDTHS_PX:
            file = folder / f"{one.path.stem}-{width_px}.jpg"
            file.write_bytes(degrade(rgb, scale=min(1.0, width_px / face.width_px), rng=rng))
            copies.append(replace(one, path=file))
    return copies


def after(wrong: Wrong, quality: NDArray[np.float64], share: float) -> Callable[[Places], float]:
    """Give the share of wrong outcomes once the worst searches by quality are not made."""

    def figure(drawn: Places) -> float:
        ordered = np.sort(quality[drawn])
        kept = drawn[quality[drawn] >= ordered[int(share * len(ordered) + 1e-9)]]
        return float(wrong[kept].mean())

    return figure


def apart(outcomes: Outcomes, one: Callable[[Places], float], other: Callable[[Places], float]) -> Estimate:
    """Give other minus one, drawn in pairs by person."""
    return outcomes.people.any_difference(lambda drawn: other(drawn) - one(drawn), outcomes.everyone)


def errors(outcomes: Outcomes) -> Mapping[str, Wrong]:
    missed, _ = outcomes.at(0.1)
    return {"not at rank 1": ~outcomes.within(1), "missed at FPIR 0.1": missed}


@pytest.mark.parametrize("which", ["stills of cameras", "photographs and worse copies", "all"])
def test_error_never_rises_beyond_its_interval_as_the_worst_by_unified_quality_are_left_out(seen: Seen, which: str):
    everything = list(range(len(seen.searches)))
    rest = [place for place in everything if place not in set(seen.stills)]
    places = {"stills of cameras": seen.stills, "photographs and worse copies": rest, "all": everything}[which]
    outcomes, unified, _ = seen.only(places)
    for name, wrong in errors(outcomes).items():
        for less, more in pairwise(DISCARDED):
            rise = apart(outcomes, after(wrong, unified, less), after(wrong, unified, more))
            assert rise.low is not None
            assert rise.low <= 0, (which, name, less, more, rise)


def test_refusing_the_worst_40_of_100_stills_by_unified_quality_raises_rank_1_with_an_interval_above_0(seen: Seen):
    outcomes, unified, _ = seen.only(seen.stills)
    wrong = ~outcomes.within(1)
    gain = apart(outcomes, after(wrong, unified, 0.4), after(wrong, unified, 0.0))

    assert gain.value is not None
    assert gain.low is not None
    assert gain.value >= 0.25, gain
    assert gain.low > 0, gain


def test_unified_quality_predicts_no_worse_than_the_score_of_the_detector_and_on_all_searches_better(seen: Seen):
    stills, everything = seen.only(seen.stills), seen.only(list(range(len(seen.searches))))
    for name, (outcomes, unified, score) in (("stills", stills), ("all", everything)):
        wrong = ~outcomes.within(1)
        less_wrong = [apart(outcomes, after(wrong, unified, by), after(wrong, score, by)) for by in DISCARDED]
        for gain in less_wrong:
            assert gain.high is not None
            assert gain.high >= 0, (name, gain)
    assert (less_wrong[2].value or 0) >= 0, less_wrong
    if LONG:
        assert (less_wrong[2].low or 0) > 0, less_wrong


def as_float(seen: Seen, networks: RememberingEngine) -> tuple[Searched, ...]:
    """Search with the features that templates were quantised from: a naive oracle, one still a search."""
    rows = seen.templates.of(seen.roles.references)
    stored = np.stack([networks.features[template.codes.tobytes()] for _, template in rows])
    subjects, whose = np.unique([one.subject for one, _ in rows], return_inverse=True)
    found = []
    for probe, given in zip(seen.roles.probes, seen.searches, strict=True):
        template = seen.templates.by_path.get(probe.path)
        if template is None:
            found.append(given)
            continue
        best = np.full(len(subjects), NEVER)
        np.maximum.at(best, whose, stored @ networks.features[template.codes.tobytes()])
        own, strangers = best[subjects == probe.subject][0], best[subjects != probe.subject]
        rank = 1 + int((strangers >= own).sum())
        found.append(replace(given, rank=rank, score=float(own), stranger=float(strangers.max())))
    return tuple(found)


def test_int8_templates_cost_nothing_in_searches_with_stills(seen: Seen, networks: RememberingEngine):
    exact = as_float(seen, networks)
    for name, places in (("stills", seen.stills), ("all", list(range(len(exact))))):
        one, other = ([part[place] for place in places] for part in (exact, seen.searches))
        done = compare_searches(name, one, other, seen.gallery.exact.n_subjects)

        assert done.gallery_subjects == 613
        assert "worse" not in {rate.verdict for rate in done.rates}, done


def test_int8_templates_cost_nothing_in_pairs(research_images: Path, networks: RememberingEngine):
    listed = read_pairs(research_images / "lfw/pairs.txt", research_images / "lfw")
    pairs = [pair for kind in (True, False) for pair in [one for one in listed if one.mated is kind][:PAIRS]]
    pictures = pictures_of(pairs)
    read = PictureReader(networks, quiet, is_probe=lambda _: False, expected=len(pictures))
    templates = read_templates(read, pictures, threads=2)
    int8 = compare_all(pairs, templates)
    features = {path: networks.features[one.codes.tobytes()] for path, one in templates.by_path.items()}
    exact = [
        replace(one, score=float(features[one.pair.first] @ features[one.pair.second])) if one.score > NEVER else one
        for one in int8
    ]
    done = compare_pairs(exact, int8)

    assert (done.trials, done.mated) == (2 * PAIRS, PAIRS)
    assert "worse" not in {rate.verdict for rate in done.rates}, done


def test_more_stills_of_a_stranger_never_bring_more_lists_than_one(seen: Seen):
    of_person: dict[str, list[Picture]] = {}
    for one in seen.roles.probes:
        if one.kind == "cctv":
            of_person.setdefault(one.subject, []).append(one)
    made = {
        number: [
            seen.gallery.search(stills, [template for _, template in seen.templates.of(stills)], ())
            for own in of_person.values()
            for stills in map(list, combinations(own, number))
        ]
        for number in range(1, 6)
    }
    for share in (0.1, 0.01):
        threshold = threshold_at(np.array([one.stranger for one in made[1]]), share)
        listed = {number: np.array([one.stranger >= threshold for one in made[number]]) for number in made}
        rates = {number: float(flags.mean()) for number, flags in listed.items()}

        assert max(rates.values()) == rates[1] <= share, rates
        for number in range(1, 5):
            both = [*made[number], *made[number + 1]]
            more = np.repeat([False, True], [len(made[number]), len(made[number + 1])])
            flags = np.concatenate([listed[number], listed[number + 1]])
            rise = People([one.subject for one in both]).any_difference(
                _risen(flags, more), np.ones(len(both), dtype=np.bool_)
            )
            assert (rise.low or 0) <= 0, (share, number, rise)


def _risen(listed: Wrong, more: Wrong) -> Callable[[Places], float]:
    return lambda drawn: float(listed[drawn[more[drawn]]].mean() - listed[drawn[~more[drawn]]].mean())
