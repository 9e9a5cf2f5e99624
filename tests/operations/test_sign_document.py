from countersign.governance.artefact import content_digest, statement
from countersign.governance.programme import ArtefactType
from countersign.governance.signature import generate, public_hex, verify
from countersign.operations.sign_document import sign_document
from countersign.primitives.clock import SimulatedClock
from tests.operations.scene import START


def test_the_signature_covers_type_version_content_and_dates():
    key = generate()

    document = sign_document(
        ArtefactType.DPIA, "3", {"b": 1, "a": "ä"}, review_by=START.date(), key=key, clock=SimulatedClock(START)
    )

    assert document.content == '{"a":"ä","b":1}'
    assert (document.signer, document.signed_at) == (public_hex(key), START)
    message = statement(
        artefact_type=ArtefactType.DPIA,
        version="3",
        sha256=content_digest(document.content),
        review_by=START.date(),
        signed_at=START,
        public_key=document.signer,
    )
    verify(document.signer, message, document.signature)
