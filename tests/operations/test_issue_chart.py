from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.review.facial_review import Mark, Position, Side, StruckStill
from tests.operations.issuing import chart_file, check_signed, documents
from tests.operations.scene import Scene, check_refused


@pytest.mark.row("P-23")
def test_a_chart_of_each_opinion_is_given_out_with_its_marks(supported: Scene):
    marks = (
        Mark(side=Side.PROBE, picture=1, at_px=(20, 20), feature="nose", seen="similar"),
        Mark(side=Side.REFERENCE, picture=1, at_px=(20, 20), to_px=(40, 30), feature="ears", seen="not_visible"),
    )
    with supported.altering() as work:
        for review in work.reviews.where(request=supported.ids.request):
            opinions = tuple(replace(one, marks=marks) for one in review.opinions)
            struck = (StruckStill(number=2, reason="somebody else"),)
            analysis = replace(review.analysis, struck=struck) if review.analysis else None
            work.reviews.replace(replace(review, opinions=opinions, analysis=analysis))
    (listed,) = documents(supported)

    assert {position for position, _ in listed.charts} == {Position.FIRST, Position.SECOND}
    for position, letter in listed.charts:
        check_signed(supported, chart_file(supported, position, letter))
    assert dict(supported.last().facts)["report"] == "chart"


def test_a_chart_is_given_out_where_the_analysis_or_the_pictures_are_gone(supported: Scene):
    with supported.altering() as work:
        for review in work.reviews.where(request=supported.ids.request):
            work.reviews.replace(replace(review, analysis=None, order=(), locked_at=None))

    check_signed(supported, chart_file(supported))


def test_a_chart_is_refused_while_somebody_may_still_opine_and_where_there_is_none(sealed: Scene, supported: Scene):
    assert documents(sealed)[0].charts == ()
    with check_refused(sealed, Permission.REPORT_DISCLOSURE, "no_search", family=NotFound):
        chart_file(sealed)
    for position, letter in ((Position.THIRD, "A"), (Position.FIRST, "Z")):
        with check_refused(supported, Permission.REPORT_DISCLOSURE, "no_opinion", family=NotFound):
            chart_file(supported, position, letter)
