from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from countersign.governance.likelihood import likelihood_holds, ratio
from countersign.governance.programme import ProgrammeKind
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.operations.measure_ratios import MeasureRatios, Ratios, measure_ratios, method_of
from countersign.primitives.digest import sha256
from tests.fakes import FakeEngine
from tests.operations.test_measure_at_size import people

GIVEN = EvaluationConditions(
    measured_at=datetime(2026, 11, 25, tzinfo=UTC),
    code="1",
    extractor="digest/f32/crops/x381",
    network=sha256(b"n"),
    data="own",
    data_sha256=sha256(b"m"),
    pack_sha256="",
    asked={},
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Ratios:
    arguments = MeasureRatios(data=people(tmp_path_factory.mktemp("people"), others=60), population="made up")
    return measure_ratios(FakeEngine(), arguments, lambda _done, _all: None)


@pytest.mark.row("EQV-15")
def test_ratios_are_measured_on_the_pictures_of_a_manifest_for_the_stills_and_views_that_there_were(done: Ratios):
    assert (done.stills_from, done.stills_to, done.views_from, done.views_to) == (1, 1, 1, 1)
    (band,) = done.bands
    assert (band.people, band.mated, band.strangers) == (24, 48, 60)
    assert band.cllr < 0.5


def test_all_stills_of_a_person_and_several_views_are_told(tmp_path: Path):
    arguments = MeasureRatios(data=people(tmp_path, others=60), population="made up", views="seven", sets=True)
    done = measure_ratios(FakeEngine(), arguments, lambda _done, _all: None)
    assert (done.stills_from, done.stills_to, done.views_from, done.views_to) == (2, 2, 2, 2)


@pytest.mark.row("REV-15", "EQV-15")
def test_what_was_measured_becomes_a_method_that_states_ratios_within_its_bounds(done: Ratios):
    method = method_of(done, GIVEN)
    (band,) = method.bands
    assert likelihood_holds((method,), GIVEN.extractor, ProgrammeKind.TEST).allowed
    assert likelihood_holds((method,), GIVEN.extractor, ProgrammeKind.PRODUCTION).code == "likelihood_too_small"
    found = ratio(
        (method,), 145_161, extractor=GIVEN.extractor, fusion="weighted-mean/p8", stills=1, views=1, quality=0.9
    )
    assert found is not None
    assert found.log10 == band.log10_high
    assert np.isfinite(band.slope)
    assert replace(method, population="other").population == "other"
