import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.signature import (
    FRESHNESS,
    MalformedKeyError,
    NotCanonicalError,
    SignatureError,
    Signed,
    canonical,
    check_public_key,
    generate,
    load_private_key,
    private_pem,
    public_hex,
    sign,
    sign_command,
    verify,
    verify_command,
)
from countersign.primitives.codec import Plain
from countersign.primitives.digest import Sha256
from tests.fakes_governance import NOW, private_key

KEY = private_key("operator")
ARGUMENTS: Plain = {"request": "r1", "still": 3}
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=8,
)


def command() -> Signed:
    return sign_command(KEY, operation="search.run", arguments=ARGUMENTS, nonce="n1", at=NOW)


def test_canonical_sorts_keys_leaves_out_spaces_and_keeps_unicode():
    assert canonical({"b": [1, None, True], "a": "é\n"}) == '{"a":"é\\n","b":[1,null,true]}'.encode()


@given(plain)
def test_canonical_text_reads_back_as_what_was_written(value: Plain):
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize("value", [1.5, [{"a": [0.1]}], {"a": {"b": 2.0}}])
def test_floats_have_no_canonical_text(value: Plain):
    with pytest.raises(NotCanonicalError, match="as text"):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud800", {"a": object()}])
def test_what_is_not_plain_has_no_canonical_text(value: Plain):
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_a_private_key_survives_its_file():
    key = generate()
    assert public_hex(load_private_key(private_pem(key))) == public_hex(key)


def test_what_is_no_key_is_refused():
    with pytest.raises(MalformedKeyError, match="PEM"):
        load_private_key(b"no key")


def test_a_key_of_another_kind_is_refused():
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(MalformedKeyError, match="Ed25519"):
        load_private_key(other)


def test_a_public_key_is_kept_in_one_spelling():
    assert check_public_key(public_hex(KEY).upper()) == public_hex(KEY)


@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, "ab" * 33])
def test_what_is_no_public_key_is_refused(text: str):
    with pytest.raises(MalformedKeyError):
        check_public_key(text)


def test_a_signature_over_other_bytes_does_not_hold():
    with pytest.raises(SignatureError):
        verify(public_hex(KEY), b"other", sign(KEY, b"this"))


@pytest.mark.parametrize(("key", "signature"), [("zz", "00" * 64), ("00", "00" * 64), (public_hex(KEY), "no hex")])
def test_broken_hexadecimal_is_a_signature_that_does_not_hold(key: str, signature: str):
    with pytest.raises(SignatureError):
        verify(key, b"this", signature)


@pytest.mark.parametrize("drift", [timedelta(0), FRESHNESS, -FRESHNESS])
def test_a_fresh_command_of_the_key_holder_is_accepted(drift: timedelta):
    signed = command()
    verify_command(signed, public_key=public_hex(KEY), operation="search.run", arguments=ARGUMENTS, now=NOW + drift)
    assert signed.signature != command().nonce


@pytest.mark.parametrize(
    ("signed", "operation", "arguments", "drift", "says"),
    [
        (command(), "lead.release", ARGUMENTS, timedelta(0), "over 'lead.release'"),
        (command(), "search.run", {"request": "r2"}, timedelta(0), "these arguments"),
        (command(), "search.run", ARGUMENTS, FRESHNESS + timedelta(milliseconds=1), "within"),
        (command(), "search.run", ARGUMENTS, -FRESHNESS - timedelta(milliseconds=1), "within"),
        (replace(command(), nonce=""), "search.run", ARGUMENTS, timedelta(0), "nonce"),
        (replace(command(), nonce="n2"), "search.run", ARGUMENTS, timedelta(0), "does not hold"),
        (replace(command(), at=NOW + timedelta(seconds=1)), "search.run", ARGUMENTS, timedelta(0), "does not hold"),
        (replace(command(), arguments=Sha256("0" * 64)), "search.run", ARGUMENTS, timedelta(0), "these arguments"),
    ],
)
def test_anything_but_this_command_now_is_refused(
    signed: Signed, operation: str, arguments: Plain, drift: timedelta, says: str
):
    with pytest.raises(SignatureError, match=says):
        verify_command(signed, public_key=public_hex(KEY), operation=operation, arguments=arguments, now=NOW + drift)


def test_the_command_of_another_key_is_refused():
    with pytest.raises(SignatureError, match="registered key"):
        verify_command(
            command(), public_key=public_hex(generate()), operation="search.run", arguments=ARGUMENTS, now=NOW
        )
