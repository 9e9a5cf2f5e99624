import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.ledger.checkpoint import cosigned_at
from countersign.ledger.note import COSIGNATURE_V1, ED25519, Note, NoteSignature, VerifierKey
from countersign.ledger.witness import AddCheckpoint, FileWitnessState, Outcome, Witness
from countersign.primitives.clock import SimulatedClock
from tests.fakes_ledger import NO_VECTORS, START, VECTORS, InsecureSeedSigner

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=NO_VECTORS)

EXCHANGE = re.compile(r"POST \S+/add-checkpoint\n```\n(.*?)```\nHTTP (\d+)\n\[Asserts\]\nbody (.*?)\n", re.DOTALL)
SIGSUM_KEY = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
SIGSUM_LOG = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
SUMDB = VerifierKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")


def _exchanges() -> Iterator[tuple[bytes, int, str]]:
    for name in ("litewitness.txt", "sumdb.txt"):
        for body, status, asserted in EXCHANGE.findall((VECTORS / "witness" / name).read_text()):
            yield body.encode(), int(status), asserted


def test_a_witness_answers_the_published_exchanges_as_published(tmp_path: Path) -> None:
    sigsum = VerifierKey(name=SIGSUM_LOG, algorithm=ED25519, public_key=SIGSUM_KEY)
    witness = Witness(
        signer=InsecureSeedSigner("example.com/witness", COSIGNATURE_V1),
        logs={SIGSUM_LOG: (sigsum,), "go.sum database tree": (SUMDB,)},
        state=FileWitnessState(tmp_path),
        clock=SimulatedClock(START),
    )
    statuses: Counter[int] = Counter()
    for body, status, asserted in _exchanges():
        statuses[status] += 1
        answer = witness.add_checkpoint(body)
        # The recording answers 403 for a log that it does not know; the specification says that 404 is a MUST.
        assert answer.outcome == (Outcome.UNKNOWN_LOG if "unknown log" in asserted else status)
        if answer.outcome is Outcome.CONFLICT:
            assert asserted == f'== "{answer.body[:-1]}\\n"'
        if answer.outcome is Outcome.COSIGNED:
            note = AddCheckpoint.parse(body).note.with_signature(NoteSignature.parse(answer.body[:-1]))
            assert cosigned_at(Note.parse(note.to_text().encode()), witness.key) == int(START.timestamp())
    assert statuses == {200: 4, 403: 2, 409: 2, 422: 2}
