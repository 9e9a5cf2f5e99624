from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.ledger.figures import count
from countersign.operations.publish_return import MonthlyReturn, PublishReturn, publish_return, published
from countersign.operations.run_search import RunSearch, run_search
from countersign.operations.search_conditions import returns_in_time
from countersign.operations.turn import Turn
from countersign.primitives.codec import canonical_text
from tests.operations.scene import Scene, check_refused
from tests.operations.timed import pass_time

PUBLISH = Permission.STATISTICS_PUBLISH


def publish(scene: Scene, month: str, who: str = Role.CONTROLLER) -> MonthlyReturn:
    return scene.force.do(who, PUBLISH, publish_return, PublishReturn(month=month))


@pytest.mark.row("STA-01")
def test_anybody_who_has_the_log_counts_what_was_published(sealed: Scene):
    sealed.clock.advance(timedelta(days=30))
    made = publish(sealed, "2026-01")

    entry = sealed.last()
    assert entry.facts["figures"] == made.sha256
    again = published(count(sealed.entries()[: made.log_size], "2026-01"))
    assert again == made
    assert made.tables["searches.operating_point"].cells["strict"] is None
    assert made.shares[0].of == (0, 0)


@pytest.mark.row("STA-01")
def test_a_return_that_is_owed_stops_searching_until_it_is_published(authorised: Scene):
    def owed(turn: Turn) -> int:
        return int(not returns_in_time(turn, turn.work.requests.get(authorised.ids.request)).allowed)

    authorised.clock.advance(timedelta(days=49))
    assert pass_time(authorised, owed) == 0
    authorised.clock.advance(timedelta(days=1))
    assert pass_time(authorised, owed) == 1
    arguments = RunSearch(request=authorised.ids.request)
    with authorised.altering() as work:
        (granted,) = work.authorisations.where()
        work.authorisations.replace(replace(granted, expires_at=authorised.clock.now() + timedelta(days=1)))
    with check_refused(authorised, Permission.SEARCH_RUN, "return_overdue"):
        authorised.force.do("operator", Permission.SEARCH_RUN, run_search, arguments)

    publish(authorised, "2026-01")
    assert pass_time(authorised, owed) == 0
    with authorised.reading() as work:
        assert work.programmes.get("programme").state is ProgrammeState.PILOT


def test_a_month_that_is_not_over_not_one_or_published_is_refused(authorised: Scene):
    with check_refused(authorised, PUBLISH, "month_not_over"):
        publish(authorised, "2026-01")
    with check_refused(authorised, PUBLISH, "month", family=Invalid):
        publish(authorised, "January")
    authorised.clock.advance(timedelta(days=30))
    publish(authorised, "2026-01")
    with check_refused(authorised, PUBLISH, "return_published", family=Conflict):
        publish(authorised, "2026-01")


@pytest.mark.row("RET-09")
def test_figures_that_outlive_a_case_name_nothing_of_it_and_leave_small_counts_out(supported: Scene):
    supported.clock.advance(timedelta(days=30))
    made = publish(supported, "2026-01")
    text = canonical_text(made)

    with supported.reading() as work:
        ids = {
            row.id
            for rows in (work.cases, work.requests, work.runs, work.people, work.subjects)
            for row in rows.where()
        }
    assert len(ids) > 10
    assert not [one for one in ids if one in text]
    counted = {name: cell for table in made.tables.values() for name, cell in table.cells.items()}
    assert counted["robbery"] is None
    assert not [cell for cell in counted.values() if cell is not None and 0 < cell < 5]
