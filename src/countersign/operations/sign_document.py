"""Sign a document with its signer's own key. Pure: needs no installation and has no effect."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from countersign.governance.artefact import content_text, sign_artefact
from countersign.governance.programme import ArtefactType
from countersign.governance.signature import PrivateKey, public_hex
from countersign.operations.submit_artefact import SignedDocument
from countersign.primitives.clock import Clock
from countersign.primitives.codec import Plain


def sign_document(
    artefact: ArtefactType,
    version: str,
    content: Mapping[str, object],
    *,
    review_by: date,
    key: PrivateKey,
    clock: Clock,
) -> SignedDocument:
    """Give the signed document that `submit_artefact` takes."""
    text, signed_at = content_text(cast("Plain", dict(content))), clock.now()
    signature = sign_artefact(
        key, artefact_type=artefact, version=version, content=text, review_by=review_by, signed_at=signed_at
    )
    return SignedDocument(
        type=artefact,
        version=version,
        content=text,
        signer=public_hex(key),
        signature=signature,
        signed_at=signed_at,
        review_by=review_by,
    )
