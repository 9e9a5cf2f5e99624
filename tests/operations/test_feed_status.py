import csv
from collections.abc import Sequence
from datetime import timedelta

import pytest

from countersign.errors import Invalid, Refused
from countersign.governance.permission import Permission
from countersign.operations.feed_status import Fed, FeedStatus, feed_status
from tests.operations.scene import START, VIEWS, Scene, check_refused

FEED = Permission.COLLECTION_FEED
COLUMNS = ["subject", "custody_record", "change", "status", "status_checked_at", "review_due"]


def row(subject: int, status: str = "convicted", **changes: str) -> dict[str, str]:
    given = {
        "subject": str(subject),
        "custody_record": f"{subject}/folder",
        "change": "status",
        "status": status,
        "status_checked_at": "2026-01-11T00:00:00Z",
        "review_due": "2027-01-10",
    }
    return given | changes


def feed(
    scene: Scene,
    *rows: dict[str, str],
    complete: bool = False,
    who: str = "owner",
    columns: Sequence[str] = COLUMNS,
) -> Fed:
    path = scene.folder / "feed.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    arguments = FeedStatus(collection=scene.ids.collection, source=str(path), complete=complete)
    return scene.force.do(who, FEED, feed_status, arguments)


@pytest.fixture
def later(enrolled: Scene) -> Scene:
    """A day after enrolment."""
    enrolled.clock.advance(timedelta(days=1))
    return enrolled


def gallery(scene: Scene) -> int:
    with scene.reading() as work:
        return len(set(work.gallery.matrix(scene.ids.collection, scene.engine.extractor)[1]))


@pytest.mark.row("P-14", "REF-04")
def test_an_acquittal_hides_the_record_at_once_and_sets_the_day_of_its_erasure(later: Scene):
    fed = feed(later, row(3, "acquitted"))

    assert (fed.changed, gallery(later)) == (1, 2)
    with later.reading() as work:
        (record,) = work.records.where(searchable=False)
        assert work.collections.get(later.ids.collection).fed_at == later.clock.now()
    assert record.erase_due == (START + timedelta(days=31)).date()
    assert later.last().kind == "collection.fed"


@pytest.mark.row("P-14")
def test_the_same_feed_twice_changes_nothing(later: Scene):
    rows = [row(3, "acquitted"), row(5), row(7)]
    first = feed(later, *rows)
    seq = len(later.entries())
    again = feed(later, *rows)

    assert (first.changed, first.unchanged) == (1, 2)
    assert (again.changed, again.unchanged) == (0, 3)
    assert [entry.kind for entry in later.entries(seq)] == ["collection.fed"]


@pytest.mark.row("P-14")
def test_a_conviction_that_the_feed_brings_shows_the_record_without_delay(later: Scene):
    feed(later, row(3, "nfa"))
    feed(later, row(3, "convicted", status_checked_at="2026-01-11T01:00:00Z"))

    assert gallery(later) == 3
    with later.reading() as work:
        assert not [record for record in work.records.where() if record.erase_due]


@pytest.mark.row("REF-15", "P-14")
def test_what_the_source_deleted_is_erased(later: Scene):
    assert feed(later, row(7, change="deleted")).deleted == 1

    with later.reading() as work:
        assert len(work.records.where()) == len(VIEWS) - 1
    assert (
        next(one for one in reversed(later.entries()) if one.kind == "record.erased").facts["rule"] == "source_deleted"
    )


@pytest.mark.row("P-14")
def test_what_we_do_not_hold_and_what_cannot_be_read_is_counted(later: Scene):
    fed = feed(later, row(99), row(3, "likely"), row(5, status_checked_at="2026-01-12T00:00:00Z"))

    assert (fed.not_held, fed.refused, fed.changed) == (1, 2, 0)


@pytest.mark.row("P-14")
def test_a_complete_feed_hides_what_its_source_no_longer_names(later: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.governance.register_rules.MISSING_CEILING", 0.5)
    fed = feed(later, row(3), row(5), complete=True)

    assert (fed.missing, gallery(later)) == (1, 2)


@pytest.mark.row("P-14")
def test_a_complete_feed_that_lacks_too_much_is_refused(later: Scene):
    with check_refused(later, FEED, "feed_incomplete"):
        feed(later, row(3), complete=True)
    assert gallery(later) == 3


def test_a_feed_without_its_columns_is_refused(later: Scene):
    with check_refused(later, FEED, "manifest", family=Invalid):
        feed(later, row(3), columns=["subject"])


def test_a_feed_that_is_not_there_is_refused(later: Scene):
    arguments = FeedStatus(collection=later.ids.collection, source="nowhere.csv")
    with check_refused(later, FEED, "manifest", family=Invalid):
        later.force.do("owner", FEED, feed_status, arguments)


def test_people_who_own_no_register_are_refused(later: Scene):
    with check_refused(later, FEED, "not_permitted", spoke="policy", family=Refused):
        feed(later, row(3), who="operator")
