import pytest

from countersign.errors import Invalid
from countersign.ledger.checkpoint import Checkpoint, cosign
from countersign.ledger.note import COSIGNATURE_V1, Note, sign_note
from countersign.ledger.policy import Policy
from tests.fakes_ledger import LOG, START, InsecureSeedSigner

SIGNER = InsecureSeedSigner(LOG)
WITNESSES = {name: InsecureSeedSigner(f"{name}.example", COSIGNATURE_V1) for name in ("a", "b", "c", "d")}
KEYS = {name: witness.key for name, witness in WITNESSES.items()}
LOG_LINE = f"log {SIGNER.key.vkey}\n"
A, B, C, D = (f"witness {name} {witness.key.vkey}\n" for name, witness in WITNESSES.items())


def cosigned(names: str) -> Note:
    note = sign_note(Checkpoint(origin=LOG, size=3, root=bytes(32)).to_text(), SIGNER)
    for name in names:
        note = note.with_signature(cosign(note.text, WITNESSES[name], START))
    return note


def test_a_quorum_of_two_of_three_is_met_by_any_two() -> None:
    policy = Policy.k_of_n((SIGNER.key,), {name: KEYS[name] for name in "abc"}, k=2)
    met = [names for names in ("", "a", "ab", "bc", "ac", "ad", "abc") if policy.is_met_by(cosigned(names))]
    assert met == ["ab", "bc", "ac", "abc"]
    assert Policy.parse(policy.to_text()) == policy


def test_without_a_quorum_no_witness_is_asked_for() -> None:
    policy = Policy.k_of_n((SIGNER.key,), KEYS, k=0)
    assert policy.is_met_by(cosigned(""))
    assert Policy.parse(policy.to_text()) == policy


def test_groups_of_groups_and_a_single_witness_can_be_a_quorum() -> None:
    nested = Policy.parse(
        f"# outside\n\n \t{LOG_LINE}{A}{B}{C}{D}group x any a b\ngroup y all c d\ngroup both all x y\nquorum both\n"
    )
    single = Policy.parse(f"{LOG_LINE.strip()} https://log.example\n{A.strip()}  https://a.example\nquorum a\n")
    assert [names for names in ("ab", "acd", "bcd", "cd") if nested.is_met_by(cosigned(names))] == ["acd", "bcd"]
    assert single.is_met_by(cosigned("a"))
    assert not single.is_met_by(cosigned("b"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        LOG_LINE,
        "quorum none\n",
        f"{LOG_LINE}{LOG_LINE}quorum none\n",
        f"{LOG_LINE}quorum none\nquorum none\n",
        f"{LOG_LINE}quorum a\n{A}",
        f"{LOG_LINE}{A}{A}quorum a\n",
        f"{LOG_LINE}{A}{B.replace('witness b', 'witness a')}quorum a\n",
        f"{LOG_LINE}{A}{A.replace('witness a', 'witness b')}quorum a\n",
        f"{LOG_LINE}{A.replace('witness a', 'witness none')}quorum none\n",
        f"log {KEYS['a'].vkey}\nquorum none\n",
        f"{LOG_LINE}witness a {SIGNER.key.vkey}\nquorum a\n",
        f"{LOG_LINE}{A}group g 0 a\nquorum g\n",
        f"{LOG_LINE}{A}group g 2 a\nquorum g\n",
        f"{LOG_LINE}{A}group g 01 a\nquorum g\n",
        f"{LOG_LINE}{A}group g 1 a a\nquorum g\n",
        f"{LOG_LINE}{A}group g 1 z\nquorum g\n",
        f"{LOG_LINE}{A}group g 1\nquorum g\n",
        f"{LOG_LINE}{A}group a 1 a\nquorum a\n",
        f"{LOG_LINE}{A}group g any a\ngroup h any a\nquorum h\n",
        f"{LOG_LINE}trust everyone\nquorum none\n",
        "log nonsense\nquorum none\n",
    ],
)
def test_a_policy_that_says_nothing_or_something_twice_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="expected"):
        Policy.parse(text)
