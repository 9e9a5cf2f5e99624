import re
from datetime import UTC, datetime

import pytest

from countersign.evaluation.one_to_many import OneToMany, one_to_many
from countersign.evaluation.one_to_one import compare_all, one_to_one
from countersign.evaluation.pairs import Pair
from countersign.evaluation.resampling import Estimate
from countersign.evaluation.searches import Roles, read_templates, search_all
from countersign.operations.evaluation_conditions import EvaluationConditions
from countersign.primitives.digest import sha256
from countersign.reports.evaluation import to_html, to_pdf
from countersign.reports.evaluation_document import EvaluationDocument, between, interval_of, rate_of, share
from countersign.reports.evaluation_layout import one_to_many_page
from countersign.reports.evaluation_pairs import one_to_one_page
from countersign.search.operating_point import OperatingPoint
from tests.archive_files import check_archive_file
from tests.evaluation.pictured import Pictures

MADE_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
GIVEN = EvaluationConditions(
    measured_at=MADE_AT,
    code="0.1",
    extractor="e" * 64 + "/f32",
    network=sha256(b"networks"),
    data="<data>",
    data_sha256=sha256(b"manifest"),
    pack_sha256="",
    asked={"command": "evaluate"},
)
STRICT = OperatingPoint(name="strict", thresholds={(1, 7): 80}, list_length=10)


def searched(*, people: int = 2, labelled: bool = True, faces: bool = True, pack: bool = True) -> OneToMany:
    made = Pictures()
    labels = {"sex": "F", "age": "18-29", "ethnicity": "white"} if labelled else {}
    references = tuple(made.add(str(one), (10, one % 100), kind="reference") for one in range(people))
    probes = tuple(
        made.add(str(one), (9, one % 100) if faces else None, unified=one / people, labels=labels)
        for one in range(people)
    )
    roles = Roles(references=references, others=(made.add("other", (0, 9)),), probes=probes)
    templates = read_templates(made.read, roles.everything)
    points = (STRICT,) if pack else ()
    gallery, searches = search_all(roles, templates, power=8, points=points)
    return one_to_many(roles, templates, gallery.exact.n_subjects, searches, points=points)


def words(page: EvaluationDocument) -> str:
    return re.sub(r"\s+", " ", to_html(page))


def test_a_reader_meets_findings_first_then_limits_then_tables():
    text = words(one_to_many_page(searched(), GIVEN))
    places = [
        text.index(part)
        for part in ("How often face search", "put the right person first", "What this cannot show", ">Rates<")
    ]
    assert places == sorted(places)
    assert "2 searches were made with pictures of 2 people" in text
    assert "a list of at most 10" in text


@pytest.mark.row("EQV-05")
def test_groups_that_are_too_small_are_said_to_be_and_not_to_be_alike():
    text = words(one_to_many_page(searched(), GIVEN))
    assert "too few people to say" in text
    assert "this is no sign that groups are treated alike" in text
    assert "too small" in text


def test_a_group_of_three_hundred_can_say_something_and_is_shown():
    text = words(one_to_many_page(searched(people=300), GIVEN))
    assert "1 of 1 groups are large enough" not in text
    assert "3 of 3 groups are large enough" in text
    assert "F × 18-29 × white" in text


def test_data_without_labels_say_so():
    text = words(one_to_many_page(searched(labelled=False), GIVEN))
    assert "the data say of nobody which group they belong to" in text
    assert text.count("The data carry no labels of groups.") == 2


def test_thresholds_that_were_set_on_the_same_searches_are_said_to_flatter():
    assert "which flatters them" in words(one_to_many_page(searched(pack=False), GIVEN))
    assert "which flatters them" not in words(one_to_many_page(searched(), GIVEN))


def test_searches_without_any_face_still_make_a_report():
    page = one_to_many_page(searched(faces=False), GIVEN)
    assert "No curve: no search gave a score" in words(page)
    assert to_pdf(page, MADE_AT).startswith(b"%PDF-1.7")


def test_what_people_wrote_never_becomes_markup():
    assert "&lt;data&gt;" in words(one_to_many_page(searched(), GIVEN))
    assert "<data>" not in words(one_to_many_page(searched(), GIVEN))


def test_the_pdf_is_an_archive_file_and_always_the_same():
    page = one_to_many_page(searched(), GIVEN)
    pdf = to_pdf(page, MADE_AT)
    check_archive_file(pdf)
    assert pdf == to_pdf(one_to_many_page(searched(), GIVEN), MADE_AT)


def test_pairs_are_laid_out_with_the_strictest_rate_that_they_support():
    made = Pictures()
    pictures = [made.add(str(at), (at % 50, 9)) for at in range(80)]
    pairs = [
        Pair(first=one.path, second=pictures[at - 1].path, subjects=(str(at), str(at - 1)), mated=at % 2 == 0)
        for at, one in enumerate(pictures)
    ]
    done = one_to_one(compare_all(pairs, read_templates(made.read, pictures)), ())
    text = words(one_to_one_page(done, GIVEN))
    assert "40 pairs of one person, 40 of two" in text
    assert "at most 10% of pairs of two people are accepted" in text
    assert "A template was made of every picture." in text


def test_pairs_too_few_for_any_rate_are_laid_out_all_the_same():
    made = Pictures()
    one, other, none = made.add("a", (1, 2)), made.add("a", (2, 1)), made.add("b", None)
    pairs = [
        Pair(first=one.path, second=other.path, subjects=("a", "a"), mated=True),
        Pair(first=one.path, second=none.path, subjects=("a", "b"), mated=False),
    ]
    templates = read_templates(made.read, [one, other, none])
    text = words(one_to_one_page(one_to_one(compare_all(pairs, templates), templates.failures), GIVEN))
    assert "1 of 2 pairs could not be compared" in text
    assert "no face" in text


def test_undefined_is_a_word_and_never_a_number():
    nothing = Estimate(value=None, low=None, high=None, searches=0, subjects=0)
    assert (rate_of(nothing), interval_of(nothing), between(nothing)) == ("undefined", "-", "no interval")
    assert (rate_of(None), interval_of(None), share(None)) == ("undefined", "-", "undefined")
