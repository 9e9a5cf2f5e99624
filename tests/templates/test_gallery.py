import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from countersign.templates.gallery import GENESIS, extend_root


def test_the_root_is_a_chain_over_every_change() -> None:
    by_hand: str = GENESIS
    for change in ("shown", "hidden"):
        by_hand = hashlib.sha256(json.dumps([by_hand, "t1", change], separators=(",", ":")).encode()).hexdigest()
    assert extend_root(extend_root(GENESIS, "t1", "shown"), "t1", "hidden") == by_hand


@given(st.text(max_size=8), st.text(max_size=8))
def test_different_changes_give_different_roots(one: str, other: str) -> None:
    roots = {extend_root(GENESIS, name, "shown") for name in {one, other}}
    roots |= {extend_root(GENESIS, name, "hidden") for name in {one, other}}
    assert len(roots) == 2 * len({one, other})


def test_order_matters() -> None:
    there = extend_root(extend_root(GENESIS, "a", "shown"), "b", "shown")
    assert there != extend_root(extend_root(GENESIS, "b", "shown"), "a", "shown")
