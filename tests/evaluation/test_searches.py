from pathlib import Path

import pytest

from countersign.evaluation.protocol import NoSamplesError, SampleTemplate
from countersign.evaluation.searches import NEVER, Roles, Searched, read_templates, search_all, strata
from countersign.search.operating_point import OperatingPoint
from tests.evaluation.pictured import Pictures

STRICT = OperatingPoint(name="strict", thresholds={(1, 1): 60, (2, 7): 80}, list_length=1)


def run(pictures: Pictures, roles: Roles) -> dict[str, Searched]:
    _, searches = search_all(roles, read_templates(pictures.read, roles.everything), power=8, points=[STRICT])
    return {one.subject: one for one in searches}


def test_every_outcome_by_hand():
    made = Pictures()
    references = (
        made.add("anna", (10, 0, 0)), made.add("anna", (0, 0, 10)), made.add("bert", (0, 10, 0)),
        made.add("carl", None),
    )  # fmt: skip
    others = (made.add("dora", (6, 6, 0)),)
    probes = (
        made.add("anna", (9, 1, 0)),  # 90 to Anna (two views: 80), 10 to Bert, 60 to Dora (one view: 60)
        made.add("bert", (6, 6, 0)),  # 60 to Anna and Bert, 72 to Dora: third, since a tie counts against us
        made.add("carl", (0, 1, 0)),  # his reference could not be enrolled: fails
        made.add("eva", (5, 5, 0)),  # nobody's mate; 50, 50, 60 to Dora: listed
    )
    found = run(made, Roles(references=references, others=others, probes=probes))
    assert [(one.mated, one.rank, one.score, one.stranger) for one in found.values()] == [
        (True, 1, 90, 60), (True, 3, 60, 72), (True, 0, NEVER, 10), (False, 0, NEVER, 60),
    ]  # fmt: skip
    assert [one.listed["strict"] for one in found.values()] == [1, 0, 0, 0]
    assert [one.strangers["strict"] for one in found.values()] == [1, 1, 0, 1]


def test_a_probe_without_a_face_fails_and_is_a_search_that_lists_nobody():
    made = Pictures()
    roles = Roles(references=(made.add("anna", (10, 0)),), others=(), probes=(made.add("anna", None),))
    templates = read_templates(made.read, roles.everything)
    _, (only,) = search_all(roles, templates, power=8, points=[STRICT])
    assert (only.mated, only.rank, only.score, only.stranger, only.listed) == (True, 0, NEVER, NEVER, {})
    assert [failure.code for failure in templates.failures] == ["no_face"]


def test_a_set_is_one_search_of_all_stills_that_have_a_face():
    made = Pictures()
    stills = (made.add("anna", (10, 0)), made.add("bert", (0, 10)), made.add("anna", (0, 10)), made.add("anna", None))
    roles = Roles(references=(made.add("anna", (10, 0)),), others=(made.add("dora", (0, 9)),), probes=stills, sets=True)
    found = run(made, roles)
    assert list(found) == ["anna", "bert"]
    assert (found["anna"].score, found["anna"].stranger) == (50, 45)


def test_alone_in_the_gallery_there_is_no_stranger():
    made = Pictures()
    roles = Roles(references=(made.add("anna", (10, 0)),), others=(), probes=(made.add("anna", (1, 0)),))
    assert run(made, roles)["anna"].stranger == NEVER


def test_a_picture_in_two_roles_is_read_once():
    made = Pictures()
    both = made.add("anna", (10, 0))
    read: list[object] = []

    def counted(picture: Path, /) -> SampleTemplate:
        read.append(picture)
        return made.read(picture)

    read_templates(counted, [both, both])
    assert len(read) == 1


def test_nothing_to_search_with_or_in_is_refused():
    made = Pictures()
    reference, empty = made.add("anna", (1, 0)), made.add("anna", None)
    with pytest.raises(NoSamplesError, match="expected at least one probe"):
        run(made, Roles(references=(reference,), others=(), probes=()))
    with pytest.raises(NoSamplesError, match="expected at least one reference"):
        run(made, Roles(references=(empty,), others=(), probes=(reference,)))


@pytest.mark.row("EQV-09")
def test_a_probe_belongs_to_strata_by_kind_view_size_and_turn():
    made = Pictures()
    measures = {"inter_eye_distance": 16.0, "head_pose_yaw": -60.0}
    still = made.add("anna", (1, 0), measures=measures, view="cam2")
    assert strata([still], made.read(still.path)) == {
        "kind": "x cctv", "view": "cam2", "eye distance": "16 to 31 px", "turn of the head": "60° and more",
    }  # fmt: skip
    assert strata([still, still], None) == {"kind": "x cctv"}
    plain = made.add("anna", (1, 0))
    assert strata([plain], made.read(plain.path)) == {"kind": "x cctv"}
