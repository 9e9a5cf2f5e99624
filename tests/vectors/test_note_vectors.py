from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.ledger.checkpoint import Checkpoint, cosigned_at, opened
from countersign.ledger.merkle import Frontier, leaf_hash
from countersign.ledger.note import Note, VerifierKey, is_signed_by
from tests.fakes_ledger import NO_VECTORS, VECTORS

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=NO_VECTORS)

TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
WITNESS = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"
MIRROR = "mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O"
SUNLIGHT_LOG = "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706"


def _bundled(bundle: bytes) -> Iterator[bytes]:
    while bundle:
        length = int.from_bytes(bundle[:2])
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def _root(leaves: Iterator[bytes]) -> tuple[int, bytes]:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.size, frontier.root()


@pytest.mark.parametrize("size", range(16))
def test_a_tessera_checkpoint_is_signed_and_its_root_is_that_of_its_entries(size: int) -> None:
    log = VECTORS / "tessera" / "log"
    note = Note.parse((log / f"checkpoint.{size}").read_bytes())
    checkpoint = opened(note, [VerifierKey.parse(TESSERA)])
    bundle = (log / "tile" / "entries" / "000.p" / str(size)).read_bytes() if size else b""
    assert _root(leaf_hash(entry) for entry in _bundled(bundle)) == (checkpoint.size, checkpoint.root)
    assert checkpoint.size == size


@pytest.mark.parametrize(("folder", "vkey"), [(Path(), WITNESS), (Path("mirror"), MIRROR)])
def test_a_sunlight_cosignature_holds(folder: Path, vkey: str) -> None:
    data = (VECTORS / "sunlight" / "witness" / folder / SUNLIGHT_LOG / "checkpoint").read_bytes()
    note = Note.parse(data)
    assert cosigned_at(note, VerifierKey.parse(vkey)) == 1767139200
    assert note.to_text().encode() == data


def test_the_root_of_the_sunlight_tree_is_rebuilt_from_its_tiles() -> None:
    mirror = VECTORS / "sunlight" / "witness" / "mirror" / SUNLIGHT_LOG
    level = mirror / "tile" / "0"
    tiles = (level / "000").read_bytes() + (level / "001.p" / "44").read_bytes()
    checkpoint = Checkpoint.parse(Note.parse((mirror / "checkpoint").read_bytes()).text)
    leaves = (tiles[start : start + 32] for start in range(0, len(tiles), 32))
    assert _root(leaves) == (300, checkpoint.root)
    first_tile = (mirror / "tile" / "1" / "000.p" / "1").read_bytes()
    assert _root(tiles[start : start + 32] for start in range(0, 256 * 32, 32)) == (256, first_tile)


def test_the_example_of_the_specification_holds() -> None:
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    note = Note.parse(f"This is an example message.\n\n\u2014 example.com/foo {signature}\n".encode())
    assert is_signed_by(note, key)
    assert note.text == "This is an example message.\n"
