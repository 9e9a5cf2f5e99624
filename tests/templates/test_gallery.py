import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.primitives.ids import CollectionId, SubjectId
from countersign.templates.gallery import GENESIS, Gallery, MalformedGalleryError, extend_root

TEXT = st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=8)


def test_the_root_is_a_chain_over_every_change() -> None:
    first = hashlib.sha256(f"countersign/gallery/v1\n{GENESIS}\nt1\nshown\n".encode()).hexdigest()
    second = hashlib.sha256(f"countersign/gallery/v1\n{first}\nt1\nhidden\n".encode()).hexdigest()
    assert extend_root(extend_root(GENESIS, "t1", "shown"), "t1", "hidden") == second


@given(TEXT, TEXT)
def test_different_changes_give_different_roots(one: str, other: str) -> None:
    roots = {extend_root(GENESIS, name, change) for name in {one, other} for change in ("shown", "hidden")}
    assert len(roots) == 2 * len({one, other})


def test_order_matters() -> None:
    there = extend_root(extend_root(GENESIS, "a", "shown"), "b", "shown")
    assert there != extend_root(extend_root(GENESIS, "b", "shown"), "a", "shown")


def test_a_template_id_cannot_hold_a_line_end() -> None:
    with pytest.raises(MalformedGalleryError, match="without a line end"):
        extend_root(GENESIS, "a\nshown", "shown")


def gallery(rows: int, subjects: int) -> Gallery:
    return Gallery(
        collection=CollectionId("c"),
        extractor="x",
        seq=1,
        root=GENESIS,
        codes=np.zeros((rows, 4), dtype=np.int8),
        subjects=(SubjectId("a"),) * subjects,
    )


def test_a_gallery_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        gallery(2, 2).codes[0, 0] = 1


def test_rows_without_a_subject_are_refused() -> None:
    with pytest.raises(MalformedGalleryError, match="expected one row a subject"):
        gallery(2, 1)
