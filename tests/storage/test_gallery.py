"""The gallery as one matrix, and the chain that names its version."""

# ruff: noqa: SLF001  the tests look behind the port, at what lies in the tables
import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countersign.errors import IntegrityBroken
from countersign.primitives.digest import EMPTY
from countersign.primitives.ids import CollectionId, ImageId, KeyId, RecordId, SubjectId
from countersign.storage.archive import SqlArchive
from countersign.storage.sealing import SealBrokenError
from countersign.templates.gallery import Change
from countersign.templates.reference import ReferenceTemplate


def template(row_id: str, key: KeyId, subject: str = "s", codes: bytes = b"\x01\xff") -> ReferenceTemplate:
    return ReferenceTemplate(
        id=row_id,
        image=ImageId("i"),
        record=RecordId("r"),
        subject=SubjectId(subject),
        collection=CollectionId("c"),
        key=key,
        extractor="e",
        unified=0.5,
        codes=codes,
        synthetic=True,
        searchable=True,
    )


def test_the_matrix_holds_what_is_searchable_best_quality_first_within_a_subject(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        keys = work.keys.create_all(7)
        work.templates.add_all(
            [
                replace(template("1", keys[0], "b", bytes([1, 0x81])), unified=0.2),
                replace(template("2", keys[1], "a", bytes([2, 0])), unified=0.1),
                replace(template("3", keys[2], "b", bytes([0x7F, 3])), unified=0.9),
                replace(template("4", keys[3]), searchable=False),
                replace(template("5", keys[4]), extractor="other"),
                replace(template("6", keys[5]), collection=CollectionId("other")),
                replace(template("7", keys[6], "b", bytes([4, 4])), unified=0.9),
            ]
        )
        codes, subjects = work.gallery.matrix("c", "e")
        assert codes.tolist() == [[2, 0], [127, 3], [4, 4], [1, -127]]
        assert subjects == ("a", "b", "b", "b")
        assert (codes.dtype.name, codes.flags.writeable) == ("int8", False)
        work.keys.destroy(keys[2])
        assert work.gallery.matrix("c", "e")[0].tolist() == [[2, 0], [4, 4], [1, -127]]


def test_an_empty_gallery_is_a_matrix_without_rows(shared_archive: SqlArchive):
    with shared_archive.read() as work:
        codes, subjects = work.gallery.matrix("none", "e")
        assert (codes.shape, subjects) == ((0, 0), ())


def test_templates_of_two_lengths_are_broken_integrity(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        one, two = work.keys.create_all(2)
        work.templates.add_all([template("1", one), template("2", two, codes=b"123")])
        with pytest.raises(IntegrityBroken, match=r"got \[2, 3\] bytes"):
            work.gallery.matrix("c", "e")


def test_the_codes_of_one_template_do_not_open_as_those_of_another(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        key = work.keys.create()
        work.templates.add_all([template("1", key), template("2", key, codes=b"xy")])
        work._connection.exec_driver_sql(
            "UPDATE reference_template SET sealed = (SELECT sealed FROM reference_template WHERE id = '2')"
        )
        with pytest.raises(SealBrokenError):
            work.gallery.matrix("c", "e")


def test_ten_thousand_templates_come_back(shared_archive: SqlArchive):
    rng = np.random.default_rng(7)
    codes = rng.integers(-127, 128, size=(10_000, 128), dtype=np.int8)
    with shared_archive.begin() as work:
        keys = work.keys.create_all(10_000)
        work.templates.add_all(
            template(f"{at:06d}", key, subject=f"{at:06d}", codes=codes[at].tobytes()) for at, key in enumerate(keys)
        )
        found, subjects = work.gallery.matrix("c", "e")
        assert np.array_equal(found, codes)
        assert (subjects[0], subjects[-1]) == ("000000", "009999")


def test_the_chain_starts_at_nothing_and_can_be_recomputed_by_hand(shared_archive: SqlArchive):
    with shared_archive.begin() as work:
        assert work.gallery.version("c") == (0, EMPTY)
        root = work.gallery.changed("c", [("t1", "shown"), ("t1", "hidden")])
        by_hand: str = EMPTY
        for change in ("shown", "hidden"):
            by_hand = hashlib.sha256(json.dumps([by_hand, "t1", change], separators=(",", ":")).encode()).hexdigest()
        assert root == by_hand
        assert work.gallery.version("c") == (2, root)
        assert work.gallery.version("other") == (0, EMPTY)
        assert work.gallery.changed("c", []) == root


KINDS: tuple[Change, ...] = ("shown", "hidden")
changes = st.lists(st.tuples(st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(KINDS)), max_size=6)


@given(first=changes, second=changes)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_chain_does_not_care_how_changes_are_bundled_but_in_which_order_they_came(
    shared_archive: SqlArchive, first: list[tuple[str, Change]], second: list[tuple[str, Change]]
):
    with shared_archive.begin() as work:
        work.gallery.changed("one", [*first, *second])
        work.gallery.changed("two", first)
        work.gallery.changed("two", second)
        work.gallery.changed("turned", [*second, *first])
        assert work.gallery.version("one") == work.gallery.version("two")
        same = [*first, *second] == [*second, *first]
        assert (work.gallery.version("one") == work.gallery.version("turned")) is same
