from dataclasses import replace
from itertools import combinations, pairwise
from math import comb

import numpy as np
import pytest

from countersign.evaluation.at_size import AtSize, Basis, SizePoint, at_size, name_of, sizes
from countersign.evaluation.one_to_many import one_to_many
from countersign.evaluation.protocol import NoSamplesError
from countersign.evaluation.score_table import Drawn, ScoreTable, Tailed, score_table, standardised
from countersign.evaluation.searches import Roles, Templates, read_templates, search_all
from countersign.evaluation.tail import Tail, TailError
from countersign.search.operating_point import OperatingPoint
from tests.evaluation.pictured import Pictures

NEVER = -np.inf


def table(*, people: int = 12, each: int = 5, others: int = 300, seed: int = 0, mates: float = 3.0) -> ScoreTable:
    """Give normal scores; a mate's lies ``mates`` spreads above a stranger's on average."""
    rng = np.random.default_rng(seed)
    n = people * each
    known = rng.normal(0, 1000, (n, people))
    known[np.arange(n), np.arange(n) // each] = NEVER
    return ScoreTable(
        people=tuple(f"p{search // each:02}" for search in range(n)),
        probes=((),) * n,
        mated=np.ones(n, dtype=np.bool_),
        mate=rng.normal(mates * 1000, 1000, n),
        mate_views=np.full(n, 1),
        known=known,
        known_views=np.full(people, 1),
        others=rng.normal(0, 1000, (n, others)),
        failed=np.zeros(n, dtype=np.bool_),
    )


def found(done: AtSize, rule: str, n: int, basis: Basis) -> SizePoint:
    (curve,) = [one for one in done.curves if one.rule == rule]
    (point,) = [one for one in curve.points if (one.n, one.basis) == (n, basis)]
    return point


def test_drawn_strangers_give_the_share_of_all_choices_exactly():
    scores = np.array([[1.0, 5, 3, 9, 7], [0, 0, 0, 0, 8]])
    strangers = Drawn(scores)
    bar = np.array([5.0, 8.0])  # in the first search three reach it: equality counts
    for number in range(1, 6):
        choices = list(combinations(range(5), number))
        for places in range(-1, 4):
            few = [
                np.mean([(row[list(one)] >= at).sum() <= places for one in choices])
                for row, at in zip(scores, bar, strict=True)
            ]
            given = strangers.at_most(bar, number, np.array([places, places]))
            assert given == pytest.approx(few)
        none = [comb(2, number) / comb(5, number), comb(4, number) / comb(5, number)]
        assert strangers.none(np.array([5.0]), number)[0, 0] == pytest.approx(none[0])
        assert strangers.none(np.array([8.0]), number)[1, 0] == pytest.approx(none[1])


def test_strangers_of_a_tail_are_binomial_and_nobody_reaches_where_nobody_is():
    tail = Tail(start=2.0, share=0.02, rate=2.5, power=2.0, body=np.linspace(-3, 3, 1000))
    strangers = Tailed(tail, np.array([0.0, 100.0]), np.array([1.0, 50.0]))
    bar = np.array([2.0, 200.0])  # both two spreads above their mean: chance 0.02
    assert strangers.at_most(bar, 100, np.array([0, 1])) == pytest.approx(
        [0.98**100, 0.98**100 + 2 * 0.98**99], rel=1e-6
    )
    assert strangers.at_most(bar, 100, np.array([-1, 100])).tolist() == [0, 1]
    assert strangers.none(np.array([2.0]), 50)[0, 0] == pytest.approx(0.98**50)
    assert strangers.none(np.array([NEVER]), 50)[0, 0] == 0
    assert strangers.none(np.array([NEVER]), 0)[0, 0] == 1


def test_at_the_evaluated_size_the_figures_are_those_of_the_searches_themselves():
    made = Pictures()
    rng = np.random.default_rng(2)

    def code(*, near: int | None = None) -> tuple[int, ...]:
        moved = rng.integers(-60, 60, 8)
        if near is not None:
            moved = moved // 3
            moved[near] += 70
        return tuple(int(one) for one in moved)

    references = tuple(made.add(f"r{one}", code(near=one % 8)) for one in range(8))
    probes = tuple(made.add(f"r{one}", code(near=one % 8)) for one in range(8) for _ in range(3))
    failed, unmated = made.add("r1", None), made.add("nobody", code())
    others = tuple(made.add(f"o{one:03}", code()) for one in range(120))
    roles = Roles(references=references, others=others, probes=(*probes, failed, unmated))
    templates = read_templates(made.read, roles.everything)
    point = OperatingPoint(name="strict", thresholds={(1, 1): 5500, (2, 7): 9000}, list_length=2)
    gallery, searches = search_all(roles, templates, power=8, points=[point])
    asked = one_to_many(roles, templates, gallery.exact.n_subjects, searches, points=[point])

    done = at_size(score_table(roles, templates, power=8), [point, 0.1, 1, 10], views="all", sets=False, draws=20)

    n = gallery.exact.n_subjects
    assert (done.searches, done.mated, done.people, done.failed) == (26, 25, 9, 1)
    assert (done.searched_for, done.others) == (8, 120)
    here = found(done, "strict", n, Basis.MEASURED)
    assert here.fpir is not None
    assert here.fnir.value == pytest.approx(asked.points[0].fnir.value)
    assert here.fpir.value == pytest.approx(asked.points[0].fpir.value)
    for places in (1, 10):
        first = asked.ranked[str(places)].value
        assert first is not None
        assert found(done, f"rank {places}", n, Basis.MEASURED).fnir.value == pytest.approx(1 - first)
    anew = next(one for one in asked.points if one.name == "FPIR 0.1")
    assert found(done, "FPIR 0.1", n, Basis.MEASURED).fnir.value == pytest.approx(anew.fnir.value)


def test_more_people_make_every_rate_worse_and_the_tail_agrees_with_strangers_that_are_there():
    scores = table(others=400)
    many = np.random.default_rng(9).normal(0, 1000, (60, 20_000))
    point = OperatingPoint(name="strict", thresholds={(1, 7): 3300}, list_length=10)
    done = at_size(scores, [point, 0.1, 1, 20], views="x", sets=False, synthetic=many, far=(20_012, 10**7), draws=30)

    for rule in ("strict", "FPIR 0.1", "rank 1"):
        there = found(done, rule, 20_012, Basis.SYNTHETIC)
        tail = found(done, rule, 20_012, Basis.EXTRAPOLATED)
        assert there.fnir.value == pytest.approx(tail.fnir.value, abs=0.12)
        (curve,) = [one for one in done.curves if one.rule == rule]
        for basis in Basis:
            values = [one.fnir.value or 0.0 for one in curve.points if one.basis is basis]
            assert all(b >= a - 1e-9 for a, b in pairwise(values))
    wrong = found(done, "strict", 10**7, Basis.EXTRAPOLATED).fpir
    assert wrong is not None
    assert wrong.value == pytest.approx(1)
    assert found(done, "rank 1", 10**7, Basis.EXTRAPOLATED).fpir is None


def test_an_interval_holds_its_value_and_says_how_few_people_agree():
    done = at_size(table(mates=9.0), [1], views="x", sets=False, far=(100_000,), draws=30)
    sure = found(done, "rank 1", 312, Basis.MEASURED).fnir
    assert sure.value == pytest.approx(0)
    assert sure.low == pytest.approx(0)
    assert sure.subjects == 12
    assert sure.high == pytest.approx(0.2646, abs=1e-3)  # Clopper-Pearson of none among 12 people
    hopeless = at_size(table(mates=-9.0), [1], views="x", sets=False, far=(100_000,), draws=30)
    lost = found(hopeless, "rank 1", 312, Basis.MEASURED).fnir
    assert lost.value == pytest.approx(1)
    assert lost.high == pytest.approx(1)
    assert lost.low == pytest.approx(0.7354, abs=1e-3)
    middling = at_size(table(mates=2.0), [1], views="x", sets=False, far=(100_000,), draws=30)
    for curve in middling.curves:
        for one in curve.points:
            assert one.fnir.value is not None
            assert one.fnir.low is not None
            assert one.fnir.high is not None
            assert one.fnir.low <= one.fnir.value <= one.fnir.high


def test_without_a_mated_search_there_is_no_miss_and_the_rate_is_undefined():
    scores = replace(table(), mated=np.zeros(60, dtype=np.bool_), mate=np.full(60, NEVER))
    done = at_size(scores, [1], views="x", sets=False, far=(1000,), draws=5)
    assert found(done, "rank 1", 312, Basis.MEASURED).fnir.value is None


def test_too_few_others_or_no_template_at_all_is_said():
    with pytest.raises(TailError):
        at_size(table(others=40), [1], views="x", sets=False)
    with pytest.raises(TailError):
        standardised(replace(table(), failed=np.ones(60, dtype=np.bool_)))
    made = Pictures()
    roles = Roles(references=(made.add("a", (1,)),), others=(), probes=(made.add("a", None),))
    with pytest.raises(NoSamplesError, match="expected at least one probe of which a template"):
        score_table(roles, read_templates(made.read, roles.everything), power=8)


def test_all_stills_of_a_person_make_one_search():
    made = Pictures()
    references = (made.add("a", (9, 0)), made.add("b", (0, 9)))
    probes = (made.add("b", (1, 8)), made.add("a", (8, 1)), made.add("b", (0, 7)), made.add("a", None))
    roles = Roles(references=references, others=(made.add("c", (5, 5)),), probes=probes, sets=True)
    found_table = score_table(roles, read_templates(made.read, roles.everything), power=8)
    assert found_table.people == ("a", "b")
    assert [len(stills) for stills in found_table.probes] == [1, 2]
    assert found_table.mate.tolist() == [72, (72 + 63) / 2]
    assert found_table.known.tolist() == [[NEVER, 9], [4.5, NEVER]]
    assert found_table.others.tolist() == [[45], [(45 + 35) / 2]]
    assert found_table.enrolled == 3
    assert isinstance(Templates(by_path={}, failures=()), Templates)


def test_sizes_go_from_few_to_all():
    assert sizes(10, 10) == (10,)
    assert sizes(0, 64)[-1] == 64
    assert [name_of(one) for one in (0.1, 1)] == ["FPIR 0.1", "rank 1"]
