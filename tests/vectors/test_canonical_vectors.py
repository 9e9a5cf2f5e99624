import json

import pytest

from countersign.ledger.canonical import encode, parse
from tests.fakes_ledger import NO_VECTORS, VECTORS

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=NO_VECTORS)

NAMES = ("arrays", "french", "structures", "unicode", "values", "weird")


@pytest.mark.parametrize("name", NAMES)
def test_a_published_document_is_written_as_published(name: str) -> None:
    given = json.loads((VECTORS / "jcs" / "input" / f"{name}.json").read_bytes())
    written = (VECTORS / "jcs" / "output" / f"{name}.json").read_bytes()
    assert encode(given) == written
    assert encode(parse(written)) == written
