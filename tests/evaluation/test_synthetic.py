import numpy as np
import pytest

from countersign.evaluation.protocol import NoSamplesError
from countersign.evaluation.synthetic import CHUNK, agreement, scores_of, synthetic_templates
from countersign.primitives.arrays import Codes

RNG = np.random.default_rng(3)


def people(number: int, dimension: int = 16) -> Codes:
    """Give templates of people who differ more in some directions than in others."""
    moved = RNG.standard_normal((number, dimension)) * np.linspace(0.3, 2, dimension) + 0.4
    codes: Codes = np.rint(100 * moved / np.linalg.norm(moved, axis=1, keepdims=True)).clip(-127, 127).astype(np.int8)
    return codes


def drawn(real: Codes, number: int, seed: int = 1) -> Codes:
    return np.concatenate(list(synthetic_templates(real, number, np.random.default_rng(seed))))


def test_synthetic_templates_are_as_many_as_asked_for_in_the_form_of_real_ones_and_the_seed_repeats_them():
    real = people(200)
    made = drawn(real, CHUNK + 7)
    assert made.dtype == np.int8
    assert made.shape == (CHUNK + 7, 16)
    assert np.array_equal(made, drawn(real, CHUNK + 7))
    assert not np.array_equal(made[:100], drawn(real, 100, seed=2))
    assert np.linalg.norm(made.astype(float), axis=1).mean() == pytest.approx(100, rel=0.02)


def test_scores_of_synthetic_strangers_agree_with_those_of_people_they_were_not_drawn_after():
    real, probes = people(1200), people(20)
    made = drawn(real[::2], 20_000)
    scores = np.stack([scores_of([probe], [1], made) for probe in probes])
    others = np.stack([scores_of([probe], [1], real[1::2]) for probe in probes])
    found = agreement(others, scores)
    assert (found.real, found.synthetic) == (600, 20_000)
    assert found.ks < 2 * found.ks_alike
    assert abs(found.best_difference) < 0.5


def test_strangers_who_are_drawn_like_nobody_do_not_agree():
    real, probes = people(600), people(20)
    even = np.clip(np.rint(25 * RNG.standard_normal((20_000, 16))), -127, 127).astype(np.int8)
    scores = np.stack([scores_of([probe], [1], even) for probe in probes])
    others = np.stack([scores_of([probe], [1], real) for probe in probes])
    assert agreement(others, scores).ks > 3 * agreement(others, scores).ks_alike


def test_scores_are_the_weighted_mean_of_whole_numbers():
    stills = [np.array([1, 2], dtype=np.int8), np.array([-3, 127], dtype=np.int8)]
    templates = np.array([[10, 1], [0, -127]], dtype=np.int8)
    # 1·10 + 2·1 = 12 and -30 + 127 = 97; 0 - 254 and -127² = -16,129
    assert scores_of(stills, [3, 1], templates).tolist() == [(36 + 97) / 4, (-762 - 16129) / 4]


def test_too_few_people_are_no_pattern_for_others():
    with pytest.raises(NoSamplesError, match="expected at least 50 real references"):
        drawn(people(49), 1)
