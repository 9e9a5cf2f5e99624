from datetime import UTC, datetime
from pathlib import Path

from countersign.governance.artefact import content_digest, content_text
from countersign.operations.evaluation_conditions import conditions, pack_digest
from countersign.primitives.clock import SimulatedClock
from tests.fakes import FakeEngine


def test_the_data_are_named_by_their_folder_and_digest_and_never_by_their_place(tmp_path: Path):
    listing = tmp_path / "faces" / "manifest.csv"
    listing.parent.mkdir()
    listing.write_text("dataset")
    engine = FakeEngine()
    given = conditions(
        engine, listing, SimulatedClock(datetime(2026, 11, 25, tzinfo=UTC)), code="1", asked={"command": "evaluate"}
    )
    assert (given.data, given.extractor, given.pack_sha256) == ("faces", engine.extractor, "")
    assert str(tmp_path) not in str(given)


def test_the_digest_of_a_pack_is_the_one_that_a_signed_pack_has():
    pack = {"version": "1", "review": {"share": 0.5}}
    assert pack_digest(pack) == content_digest(content_text({"version": "1", "review": {"share": "0.5"}}))
