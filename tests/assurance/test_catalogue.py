"""The catalogue of requirements: what it says must be there, and what was seen holds for the source as it is."""

import inspect
import json
from dataclasses import replace
from importlib import import_module

import pytest

from countersign.assurance import catalogue
from countersign.assurance.catalogue import (
    Assurance,
    CatalogueError,
    Mutation,
    Row,
    Seen,
    Status,
    read_assurance,
    source_digest,
    unfit_for_release,
)
from countersign.reports.assurance import to_html
from tests.assurance.marks import TESTS, marked_tests
from tests.assurance.mutant import NAME, MutantError, disable

READ = read_assurance()
ENFORCED = [row for row in READ.rows if row.enforced_by]
FORTY = 40


def a_row(**changed: object) -> Row:
    told: dict[str, object] = {
        "id": "AUT-99",
        "asks": "Ask <nobody>",
        "star": True,
        "status": Status.ENFORCED,
        "enforced_by": ("countersign.governance.verdict:check",),
        "tests": ("tests/test_x.py::test_y",),
        "mutation": Mutation.KILLED,
        "note": "",
    }
    return Row(**{**told, **changed})  # type: ignore[arg-type]


def test_the_catalogue_is_whole():
    """All 193 rows of the requirements and the 21 corrections from practice; 40 of them bear the load."""
    assert len(READ.rows) == 193 + 21
    assert sum(row.star for row in READ.rows) == FORTY
    assert len({row.id for row in READ.rows}) == len(READ.rows)


@pytest.mark.parametrize("row", ENFORCED, ids=lambda row: row.id)
def test_what_a_row_names_exists(row: Row):
    for name in row.enforced_by:
        parts = NAME.fullmatch(name)
        assert parts is not None, name
        found: object = import_module(parts["module"])
        for step in parts["path"].split("."):
            found = inspect.getattr_static(found, step)
        if parts["key"] is not None:
            assert parts["key"] in {str(key) for key in found}, name  # type: ignore[attr-defined]


def test_every_row_that_is_enforced_has_a_test_that_carries_its_number():
    marked = marked_tests()

    assert not [row.id for row in ENFORCED if row.id not in marked]


def test_every_number_that_a_test_carries_is_a_row():
    assert not set(marked_tests()) - {row.id for row in READ.rows}


def test_nothing_that_bears_the_load_survived():
    assert not [row.id for row in READ.rows if row.star and row.mutation is Mutation.SURVIVED]


def test_the_tests_named_by_results_exist():
    marked = marked_tests()
    seen = json.loads((TESTS.parent / "src/countersign/assurance/results.json").read_text(encoding="utf-8"))

    assert seen.keys() <= {row.id for row in READ.rows}
    for row in READ.rows:
        if row.mutation is Mutation.KILLED:
            assert set(row.tests) & set(marked[row.id])


def test_a_result_holds_until_the_module_that_it_holds_for_changes(monkeypatch: pytest.MonkeyPatch):
    name = "countersign.governance.verdict:check"
    raw = {"AUT-99": {"asks": "Ask", "status": "enforced", "enforced_by": [name]}}
    monkeypatch.setattr(catalogue, "_raw_rows", lambda: raw)
    holds = Seen(mutation=Mutation.KILLED, source=source_digest([name]), tests=("tests/test_x.py::test_y",))
    monkeypatch.setattr(catalogue, "_seen", lambda _: {"AUT-99": holds})
    assert read_assurance().rows[0].mutation is Mutation.KILLED

    other = replace(holds, source=source_digest(["countersign.governance.actor:Person"]))
    monkeypatch.setattr(catalogue, "_seen", lambda _: {"AUT-99": other})
    (row,) = read_assurance().rows

    assert row.mutation is Mutation.NOT_RUN
    assert "1 not run" in read_assurance().summary


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"asks": "Ask", "status": "enforced"}, "expected AUT-99 to name what enforces it"),
        ({"asks": "Ask", "status": "later"}, "expected a reason why AUT-99 is later, got none"),
        ({"asks": "Ask", "status": "enforced", "enforced_by": ["countersign.nowhere:rule"]}, "got countersign.nowhere"),
        ({"asks": "Ask", "status": "enforced", "enforced_by": ["nowhere.at.all:rule"]}, "got nowhere.at.all"),
    ],
)
def test_a_row_that_says_too_little_is_refused(monkeypatch: pytest.MonkeyPatch, raw: dict[str, object], expected: str):
    seen = Seen(mutation=Mutation.KILLED, source=source_digest([]), tests=())
    monkeypatch.setattr(catalogue, "_raw_rows", lambda: {"AUT-99": raw})
    monkeypatch.setattr(catalogue, "_seen", lambda _: {"AUT-99": seen})

    with pytest.raises(CatalogueError, match=expected):
        read_assurance()


def test_rows_are_chosen_by_how_their_number_begins():
    assert {row.id for row in READ.only("STA").rows} == {"STA-01", "STA-02", "STA-03", "STA-04"}
    with pytest.raises(CatalogueError, match="got 'XYZ'"):
        READ.only("XYZ")


def test_every_row_stands_in_a_section_which_says_what_its_rows_come_to():
    sections = READ.sections

    assert sorted(row.id for part in sections for row in part.rows) == sorted(row.id for row in READ.rows)
    assert sum(part.stars[1] for part in sections) == FORTY
    rows = (
        a_row(),
        a_row(id="AUT-98", star=False, mutation=Mutation.NOT_RUN),
        a_row(id="AUT-97", star=False, status=Status.LATER, enforced_by=(), mutation=Mutation.NOT_RUN, note="why"),
    )
    (part,) = Assurance(rows=rows).sections
    assert (part.title, part.share, part.stars) == ("Request, authorisation", 2 / 3, (1, 1))
    assert (part.count(Status.LATER), part.seen(Mutation.NOT_RUN), part.seen(Mutation.KILLED)) == (1, 1, 1)


def test_no_row_is_left_unassessed():
    assert not [row.id for row in READ.rows if row.note.startswith("not yet")]


def test_the_page_shows_every_row_and_escapes_what_it_says():
    page = to_html(Assurance(rows=(a_row(), a_row(id="AUT-98", mutation=Mutation.NOT_RUN, note="why & how"))))

    assert "Ask &lt;nobody&gt;" in page
    assert 'id="AUT-98"' in page
    assert "why &amp; how" in page
    assert "2 enforced (1 killed, 0 survived, 1 not run)" in page


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("no colon", "expected module:function"),
        ("countersign.governance.verdict:ALLOWED", "expected a function, got Verdict"),
        ("countersign.governance.actor:Role[nobody]", "expected a mapping"),
        ("countersign.governance.programme_standing:NEEDS[nowhere]", "expected a row of the table"),
        ("countersign.primitives.digest:sha256", "expected to know what"),
    ],
)
def test_a_name_that_cannot_be_disabled_is_refused(name: str, expected: str):
    with pytest.raises(MutantError, match=expected):
        disable(name)


@pytest.mark.row("LFR-10")
@pytest.mark.parametrize(
    ("changed", "unfit"),
    [
        ({}, ()),
        ({"mutation": Mutation.NOT_RUN}, ()),
        ({"mutation": Mutation.SURVIVED}, ("LFR-99: survived",)),
        ({"status": Status.LATER, "mutation": Mutation.NOT_RUN}, ("LFR-99: later",)),
        ({"status": Status.OUTSIDE, "mutation": Mutation.NOT_RUN}, ()),
        ({"id": "AUT-99", "mutation": Mutation.SURVIVED}, ()),
    ],
)
def test_a_source_that_could_be_used_live_is_not_released(changed: dict[str, object], unfit: tuple[str, ...]):
    assert unfit_for_release(Assurance(rows=(a_row(**{"id": "LFR-99", **changed}),))) == unfit


@pytest.mark.row("LFR-10")
def test_nothing_is_built_before_the_tests_against_live_use():
    makefile = (TESTS.parent / "Makefile").read_text(encoding="utf-8")
    steps = makefile.partition("\nbuild:")[2].partition("\n\n")[0]

    assert steps.index("tests.assurance.against_live_use") < steps.index("build --out-dir")
    assert unfit_for_release(READ) == ()
    assert {row for row in marked_tests() if row.startswith("LFR-")} >= {f"LFR-{at:02}" for at in (1, 2, 3, 6, 9)}
