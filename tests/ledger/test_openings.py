from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.ledger.commitment import Opening, commit
from countersign.ledger.disclosed import Disclosed
from countersign.ledger.event import EventKind
from countersign.ledger.export import write_export
from countersign.ledger.verify import Verification, verify_export
from tests.fakes_ledger import Deployment, draft

NAME, NAME_OPENING = commit(b'"Anna"')
FORM, FORM_OPENING = commit(b'{"aim":"find"}')
ERASED = draft(EventKind.RECORD_ERASED, records=1, images=1, templates=1, openings=1, rule="reviewed")
SHOWN = Disclosed(seq=1, name="form", opening=FORM_OPENING)
GONE = Disclosed(seq=1, name="person", erased_by=2)


def verified(folder: Path, rows: Iterable[Disclosed]) -> Verification:
    deployment = Deployment().tell(draft(commit={"person": NAME, "form": FORM}), ERASED).sign()
    write_export(deployment.store, folder, policy=deployment.policy, openings=rows)
    return verify_export(folder, policy=deployment.policy)


def test_an_opening_is_shown_erased_or_withheld_and_each_is_counted(tmp_path: Path) -> None:
    first = verified(tmp_path / "a", [SHOWN, GONE])
    second = verified(tmp_path / "b", [SHOWN, Disclosed(seq=1, name="person")])
    assert (first.findings, first.openings) == ((), {"shown": 1, "erased": 1})
    assert (second.findings, second.openings) == ((), {"shown": 1, "withheld": 1})


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([SHOWN], "opening_missing"),
        ([GONE, replace(SHOWN, opening=NAME_OPENING)], "opening_wrong"),
        ([GONE, replace(SHOWN, opening=Opening(key=FORM_OPENING.key, value=b'{"aim":"found"}'))], "opening_wrong"),
        ([SHOWN, GONE, Disclosed(seq=0, name="form")], "opening_stray"),
        ([GONE, replace(GONE, name="form")], "erasure_unproved"),
        ([SHOWN, replace(GONE, erased_by=0)], "erasure_unproved"),
        ([SHOWN, replace(GONE, erased_by=9)], "erasure_unproved"),
        ([SHOWN, GONE, GONE], "openings_wrong"),
    ],
)
def test_what_an_export_says_of_its_openings_is_checked(tmp_path: Path, rows: list[Disclosed], code: str) -> None:
    assert [finding.code for finding in verified(tmp_path / "out", rows).findings] == [code]


def test_an_erasure_does_not_excuse_a_later_opening(tmp_path: Path) -> None:
    deployment = Deployment().tell(ERASED, draft(commit={"person": NAME})).sign()
    rows = [Disclosed(seq=2, name="person", erased_by=1)]
    write_export(deployment.store, tmp_path / "out", policy=deployment.policy, openings=rows)
    findings = verify_export(tmp_path / "out", policy=deployment.policy).findings
    assert [finding.code for finding in findings] == ["erasure_unproved"]
