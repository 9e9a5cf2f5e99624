import csv
from collections.abc import Mapping, Sequence

import pytest

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.governance.signature import generate, public_hex
from countersign.operations.import_people import Imported, ImportPeople, import_people
from tests.operations.scene import Scene, check_refused

IMPORT = Permission.PERSON_IMPORT
COLUMNS = ["name", "public_key", "organisation", "team", "rank", "roles", "trained_until", "left_on"]


def row(scene: Scene, name: str, **changes: str) -> dict[str, str]:
    """Give a person of the scene, or somebody new, as the force's register has them."""
    scene.keys.setdefault(name, generate())
    given = {
        "name": name,
        "public_key": public_hex(scene.keys[name]),
        "organisation": "Demonstration Constabulary",
        "team": "imaging",
        "rank": "staff",
        "roles": "examiner",
        "trained_until": "2027-01-01",
        "left_on": "",
    }
    return given | changes


def bring(
    scene: Scene,
    *rows: Mapping[str, str],
    complete: bool = False,
    who: str = "administrator",
    columns: Sequence[str] = COLUMNS,
) -> Imported:
    path = scene.folder / "people.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return scene.force.do(who, IMPORT, import_people, ImportPeople(source=str(path), complete=complete))


def test_people_are_added_and_changed_and_the_same_file_twice_changes_nothing(founded: Scene):
    rows = [
        row(founded, "new"),
        row(founded, "third", roles="examiner operator", trained_until="2027-01-01 2026-06-01"),
    ]

    assert bring(founded, *rows) == Imported(added=1, changed=1, left=0, unchanged=0)
    assert bring(founded, *rows) == Imported(added=0, changed=0, left=0, unchanged=2)
    assert founded.last().kind == "people.imported"
    assert founded.person("third").roles == ("examiner", "operator")


@pytest.mark.row("GOV-15")
def test_a_leaver_is_blocked_at_once_whatever_day_the_file_names(sealed: Scene):
    bring(sealed, row(sealed, "operator", roles="operator", left_on="2026-12-31"))

    with check_refused(sealed, Permission.REVIEW_OPEN, "left_service"):
        sealed.casework.open(sealed.ids.request, "operator")


def test_whoever_a_complete_file_does_not_name_has_left(founded: Scene):
    staying = row(founded, "administrator", roles="administrator", team="systems")
    imported = bring(founded, staying, complete=True)

    assert imported.left > 5
    assert founded.person("examiner").left_on == founded.clock.now().date()
    assert founded.person("dpo").left_on is None
    assert bring(founded, staying, complete=True).unchanged == imported.left + 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roles": "dpo"}, "signer_after_init"),
        ({"roles": "administrator examiner", "trained_until": "2027-01-01 2027-01-01"}, "roles_conflict"),
        ({"roles": ""}, "role_missing"),
    ],
)
def test_a_file_with_roles_that_nobody_may_hold_is_refused_whole(founded: Scene, changes: dict[str, str], code: str):
    given = {"trained_until": "", **changes} if not changes["roles"] else changes
    with check_refused(founded, IMPORT, code):
        bring(founded, row(founded, "one"), row(founded, "two", **given))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trained_until": "2027-01-01 2027-01-02"}, "people_file"),
        ({"rank": "boss"}, "malformed_record"),
        ({"public_key": "00"}, "malformed_key"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(founded: Scene, changes: dict[str, str], code: str):
    with check_refused(founded, IMPORT, code, family=Invalid):
        bring(founded, row(founded, "one", **changes))


def test_one_key_twice_is_refused(founded: Scene):
    with check_refused(founded, IMPORT, "people_file", family=Invalid):
        bring(founded, row(founded, "one"), row(founded, "one"))


def test_a_file_without_its_columns_is_refused(founded: Scene):
    with check_refused(founded, IMPORT, "people_file", family=Invalid):
        bring(founded, row(founded, "one"), columns=["name"])


def test_a_file_that_is_not_there_is_refused(founded: Scene):
    with check_refused(founded, IMPORT, "people_file", family=Invalid):
        founded.force.do("administrator", IMPORT, import_people, ImportPeople(source="nowhere.csv"))


def test_whoever_would_block_themselves_is_refused(founded: Scene):
    with check_refused(founded, IMPORT, "own_departure"):
        bring(founded, row(founded, "one"), complete=True)


def test_people_who_register_nobody_are_refused(founded: Scene):
    with check_refused(founded, IMPORT, "not_permitted", spoke="policy"):
        bring(founded, row(founded, "one"), who="operator")
