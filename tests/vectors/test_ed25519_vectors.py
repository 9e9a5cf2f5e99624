import json

import pytest

from countersign.ledger.ed25519 import is_valid_signature
from tests.fakes_ledger import NO_VECTORS, VECTORS

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=NO_VECTORS)


def test_every_wycheproof_signature_is_judged_as_published() -> None:
    groups = json.loads((VECTORS / "wycheproof" / "ed25519_test.json").read_text())["testGroups"]
    vectors = [(group["publicKey"]["pk"], vector) for group in groups for vector in group["tests"]]
    judged = {
        vector["tcId"]: is_valid_signature(*map(bytes.fromhex, (key, vector["msg"], vector["sig"])))
        for key, vector in vectors
    }
    assert judged == {vector["tcId"]: vector["result"] == "valid" for _, vector in vectors}
    assert len(judged) == 151
