import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.ledger.note import (
    COSIGNATURE_V1,
    ED25519,
    MAX_NOTE_BYTES,
    Note,
    NoteFormError,
    NoteSignature,
    VerifierKey,
    from_base64,
    is_signed_by,
    sign_note,
    to_base64,
)
from tests.fakes_ledger import InsecureSeedSigner

SIGNER = InsecureSeedSigner("log.example")
NOTE = sign_note("one\n\ntwo\n", SIGNER)
LINES = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1)


@given(LINES)
def test_a_note_is_read_back_as_written_and_its_signature_holds(lines: list[str]) -> None:
    note = sign_note("\n".join([*lines, "."]) + "\n", SIGNER)
    assert Note.parse(note.to_text().encode()) == note
    assert is_signed_by(note, SIGNER.key)


@given(st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_makes_another_note_that_the_key_has_not_signed(place: int, bit: int) -> None:
    data = bytearray(NOTE.to_text().encode())
    data[place % len(data)] ^= 1 << bit
    try:
        note = Note.parse(bytes(data))
    except NoteFormError:
        return
    assert note.to_text().encode() == bytes(data)
    assert not is_signed_by(note, SIGNER.key)


@given(st.binary(max_size=50))
def test_base64_has_one_spelling(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize("text", ["A", "AA", "AB==", "AAA", "A A=", "AA==\n", "AA-_", "\u00e9", "AAAA===="])
def test_another_spelling_of_base64_is_refused(text: str) -> None:
    with pytest.raises(NoteFormError, match="base64"):
        from_base64(text)


LINE = NOTE.signatures[0].line()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        f"\n\n{LINE}".encode(),
        f"text\n\n{LINE}"[:-1].encode(),
        f"text\n\n{LINE}\n".encode(),
        f"text\n\n{LINE}{LINE}".encode(),
        f"te\txt\n\n{LINE}".encode(),
        f"text\r\n\n{LINE}".encode(),
        f"text\n\n{LINE}".replace("\u2014", "-").encode(),
        f"text\n\n{LINE}".replace("\u2014 ", "\u2014  ").encode(),
        b"text\n\n\xe2\x80\x94 name AAAA\n",
        b"\xff\n\n",
        b"x" * (MAX_NOTE_BYTES + 1),
        b"text\n\n" + b"".join(f"\u2014 n{n} AAAAAAA=\n".encode() for n in range(101)),
    ],
)
def test_another_form_of_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteFormError, match="expected"):
        Note.parse(data)


def test_a_name_may_share_a_text_with_another_key_of_its_own_hash() -> None:
    other = InsecureSeedSigner("log.example", COSIGNATURE_V1)
    both = NOTE.with_signature(sign_note(NOTE.text, other).signatures[0])
    assert len(Note.parse(both.to_text().encode()).signatures) == 2
    assert is_signed_by(both, SIGNER.key)
    assert not is_signed_by(both, other.key)  # a witness's key signs with a time, never the bare text


def test_a_later_signature_of_a_key_replaces_the_earlier() -> None:
    later = NoteSignature(name=SIGNER.key.name, key_hash=SIGNER.key.key_hash, signature=bytes(64))
    assert NOTE.with_signature(later).signatures == (later,)


def test_a_note_without_the_key_is_not_signed_by_it() -> None:
    assert NOTE.by(InsecureSeedSigner("other.example").key) is None
    assert not is_signed_by(NOTE, InsecureSeedSigner("other.example").key)


def test_a_key_is_read_back_as_written() -> None:
    assert VerifierKey.parse(SIGNER.key.vkey) == SIGNER.key


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+AA==",
        SIGNER.key.vkey.upper(),
        SIGNER.key.vkey + "\n",
        "other" + SIGNER.key.vkey,
        "log example+00000000+AA==",
    ],
)
def test_another_form_of_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteFormError, match="expected"):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    ("name", "algorithm", "public_key"),
    [
        ("", ED25519, SIGNER.key.public_key),
        ("a+b", ED25519, SIGNER.key.public_key),
        ("a\u00a0b", ED25519, SIGNER.key.public_key),
        ("a\x01b", ED25519, SIGNER.key.public_key),
        ("a", 2, SIGNER.key.public_key),
        ("a", ED25519, bytes(32)),
        ("a", ED25519, SIGNER.key.public_key[:31]),
    ],
)
def test_a_key_that_could_confuse_is_refused(name: str, algorithm: int, public_key: bytes) -> None:
    with pytest.raises(NoteFormError, match="expected"):
        VerifierKey(name=name, algorithm=algorithm, public_key=public_key)
