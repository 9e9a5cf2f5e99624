import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.ed25519 import is_acceptable_key, is_valid_signature

ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
SMALL_ORDER = [
    bytes(32),
    (1).to_bytes(32, "little"),
    (PRIME - 1).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
]


def _signed(seed: bytes, message: bytes) -> tuple[bytes, bytes]:
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    return secret.public_key().public_bytes_raw(), secret.sign(message)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_a_true_signature_holds_and_one_flipped_bit_breaks_it(seed: bytes, message: bytes, bit: int) -> None:
    key, signature = _signed(seed, message)
    flipped = (int.from_bytes(signature) ^ 1 << bit).to_bytes(64)
    assert is_valid_signature(key, message, signature)
    assert not is_valid_signature(key, message, flipped)
    assert not is_valid_signature(key, message + b"x", signature)


def test_a_second_spelling_of_s_is_refused() -> None:
    key, signature = _signed(bytes(32), b"text")
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_valid_signature(key, b"text", signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(key: bytes) -> None:
    forged = (1).to_bytes(32, "little") + bytes(32)
    assert not is_acceptable_key(key)
    assert not is_valid_signature(key, b"anything", forged)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(31),
        (PRIME + 3).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        ((1 << 255) + 1).to_bytes(32, "little"),
    ],
)
def test_a_key_that_is_no_canonical_point_is_refused(key: bytes) -> None:
    assert not is_acceptable_key(key)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    key, _ = _signed(bytes(32), b"")
    assert not is_valid_signature(key, b"", bytes(length))
