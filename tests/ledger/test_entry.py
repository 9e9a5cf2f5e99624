import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.errors import Invalid
from countersign.ledger.canonical import MAX_INTEGER, Json, encode
from countersign.ledger.entry import MAX_ENTRY_BYTES, Entry, EntryFormError
from countersign.ledger.event import COMMITMENT_NAMES, EventKind
from countersign.ledger.fact import Fact, OneOf, Whole
from tests.fakes_ledger import START, draft, pseudonym

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


def _values(fact: Fact) -> st.SearchStrategy[str | int]:
    match fact:
        case OneOf():
            return st.sampled_from(fact.codes)
        case Whole():
            return st.integers(fact.low, fact.high)
        case _:
            return HEX.map(lambda text: text if fact.admits(text) else text[:32])


@st.composite
def entries(drawn: st.DrawFn) -> Entry:
    kind = drawn(st.sampled_from(EventKind))
    facts = {name: drawn(_values(fact)) for name, fact in kind.facts.items()}
    commit = drawn(st.dictionaries(st.sampled_from(COMMITMENT_NAMES.codes), HEX, max_size=3))
    made = replace(
        draft(at=START + drawn(st.timedeltas(timedelta(0), timedelta(days=9000)))),
        kind=kind,
        facts=facts,
        commit=commit,
    )
    return Entry.of(made, seq=drawn(st.integers(0, MAX_INTEGER)))


@given(entries())
def test_an_entry_is_read_back_as_written(entry: Entry) -> None:
    assert Entry.from_bytes(entry.to_bytes()) == entry


@given(entries(), st.integers(0), st.integers(0, 7))
def test_bytes_that_are_read_have_one_spelling(entry: Entry, place: int, bit: int) -> None:
    data = bytearray(entry.to_bytes())
    data[place % len(data)] ^= 1 << bit
    try:
        read = Entry.from_bytes(bytes(data)).to_bytes()
    except Invalid:
        read = bytes(data)  # refused, so it has no spelling at all
    assert read == bytes(data)


def test_an_entry_is_the_bytes_worked_by_hand() -> None:
    entry = Entry.of(draft(EventKind.REQUEST_DRAFTED, actor="ab" * 16, request="cd" * 16), seq=7)
    assert entry.to_bytes().decode() == (
        '{"actor":"' + "ab" * 16 + '","at":"2026-03-01T09:00:00.000Z","case":"","code":"0.1.0","commit":{},'
        '"facts":{"request":"' + "cd" * 16 + '"},"kind":"request.drafted","network":"","pack":"",'
        '"programme_state":"pilot","seq":7,"v":1}'
    )


def test_what_an_entry_holds_cannot_be_changed() -> None:
    entry = Entry.of(draft(), seq=0)
    with pytest.raises(TypeError, match="item assignment"):
        entry.facts["what"] = "list"  # type: ignore[index]


GOOD = json.loads(Entry.of(draft(), seq=3).to_bytes())


@pytest.mark.row("LOG-02", "LOG-08", "LOG-14")
@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"seq": -1},
        {"seq": "3"},
        {"seq": 1.5},
        {"seq": True},
        {"at": "2026-03-01T09:00:00Z"},
        {"at": "2026-02-30T09:00:00.000Z"},
        {"at": "2026-03-01T24:00:00.000Z"},
        {"at": 5},
        {"kind": "record.copied"},
        {"kind": ["record.consulted"]},
        {"actor": "Anna"},
        {"actor": None},
        {"case": "R v Smith"},
        {"pack": "ab"},
        {"network": "AB" * 32},
        {"code": "0.1 beta"},
        {"programme_state": "live"},
        {"facts": {}},
        {"facts": []},
        {"facts": {"justification": "lawfulness", "what": "record", "who": "anna"}},
        {"facts": {"justification": "lawfulness", "what": None}},
        {"facts": {"justification": "lawfulness", "what": ["record"]}},
        {"facts": {"justification": "lawfulness", "what": {"record": 1}}},
        {"facts": {"justification": "lawfulness", "what": "Anna Smith"}},
        {"commit": []},
        {"commit": {"name": "00" * 32}},
        {"commit": {"person": "00" * 31}},
        {"note": "Anna"},
    ],
)
def test_what_the_form_does_not_allow_is_refused(change: dict[str, Json]) -> None:
    with pytest.raises(EntryFormError, match="expected"):
        Entry.from_bytes(encode({**GOOD, **change}))


def test_something_else_than_an_object_is_refused() -> None:
    for data in (b"[]", encode({key: value for key, value in GOOD.items() if key != "case"})):
        with pytest.raises(EntryFormError, match="keys"):
            Entry.from_bytes(data)


def test_a_refusal_repeats_no_value_that_could_be_personal() -> None:
    with pytest.raises(EntryFormError) as refused:
        Entry.of(draft(actor="Anna Smith"), seq=0)
    assert "Anna" not in str(refused.value)


@pytest.mark.row("LOG-16")
def test_an_entry_longer_than_two_bytes_can_say_is_refused() -> None:
    with pytest.raises(EntryFormError, match="65535"):
        Entry.from_bytes(b" " * (MAX_ENTRY_BYTES + 1))


def test_every_pseudonym_is_admitted_and_the_system_acts_under_its_own_name() -> None:
    assert Entry.of(draft(actor=pseudonym("a")), seq=0).actor == pseudonym("a")
    assert Entry.of(draft(), seq=0).actor == "system"
