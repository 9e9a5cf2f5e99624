import base64
import json
from collections import Counter
from pathlib import Path

import pytest

from countersign.ledger.merkle import ProofBrokenError, verify_consistency, verify_inclusion
from tests.fakes_ledger import NO_VECTORS, VECTORS

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=NO_VECTORS)


def _decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _inclusion_fails(file: Path) -> bool:
    vector = json.loads(file.read_text())
    proof = [_decoded(line) for line in vector["proof"] or []]
    leaf, root = _decoded(vector["leafHash"]), _decoded(vector["root"])
    try:
        verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof, root)
    except ProofBrokenError:
        return True
    return False


def _consistency_fails(file: Path) -> bool:
    vector = json.loads(file.read_text())
    proof = [_decoded(line) for line in vector["proof"] or []]
    old_root, new_root = _decoded(vector["root1"]), _decoded(vector["root2"])
    try:
        verify_consistency(vector["size1"], vector["size2"], proof, old_root, new_root)
    except ProofBrokenError:
        return True
    return False


def test_every_published_inclusion_proof_is_judged_as_published() -> None:
    files = sorted((VECTORS / "merkle" / "inclusion").rglob("*.json"))
    wanted = {file: json.loads(file.read_text())["wantErr"] for file in files}
    assert {file: _inclusion_fails(file) for file in files} == wanted
    assert Counter(wanted.values()) == {True: 92, False: 6}


def test_every_published_consistency_proof_is_judged_as_published() -> None:
    files = sorted((VECTORS / "merkle" / "consistency").rglob("*.json"))
    wanted = {file: json.loads(file.read_text())["wantErr"] for file in files}
    assert {file: _consistency_fails(file) for file in files} == wanted
    assert Counter(wanted.values()) == {True: 92, False: 6}
