import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.commitment import Opening, OpeningFormError, commit, opens


@pytest.mark.row("LOG-08")
@given(st.binary(), st.binary())
def test_an_opening_proves_its_own_value_only(value: bytes, other: bytes) -> None:
    commitment, opening = commit(value)
    assert opens(commitment, opening)
    assert opens(commitment, Opening(key=opening.key, value=other)) == (other == value)


def test_a_commitment_is_the_hmac_of_the_value() -> None:
    commitment, _ = commit(b"Anna", draw=lambda count: b"k" * count)
    assert commitment == hmac.new(b"k" * 32, b"Anna", hashlib.sha256).hexdigest()


def test_two_commitments_to_one_value_differ_so_that_entries_cannot_be_linked() -> None:
    assert commit(b"Anna")[0] != commit(b"Anna")[0]


@pytest.mark.row("LOG-08")
def test_a_dictionary_of_names_finds_nothing_without_the_key() -> None:
    commitment, _ = commit(b"Anna")
    guesses = [name.encode() for name in ("Anna", "Berta", "Carla")]
    assert commitment not in {hashlib.sha256(guess).hexdigest() for guess in guesses}
    assert not any(opens(commitment, Opening(key=bytes(32), value=guess)) for guess in guesses)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(OpeningFormError, match="32 bytes, got 3"):
        Opening(key=b"abc", value=b"")
