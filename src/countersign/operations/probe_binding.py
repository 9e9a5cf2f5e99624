"""What an authorisation binds (practice P-03), computed from the stored probe."""

from countersign.governance.request_rules import binding_of
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import CollectionId, ImageId
from countersign.search.probe import Probe, ProbeStill


def probe_binding(probe: Probe, collection: CollectionId, compared_with: ImageId | None = None) -> Sha256:
    """Give the digest that a probe, exhibit, collection or compared image exchanged after the decision would change."""
    stills = [(_picture_of(still), still.face) for still in probe.stills]
    return binding_of(
        case=probe.case, probe=probe.id, collection=collection, stills=stills, compared_with=compared_with
    )


def _picture_of(still: ProbeStill) -> Sha256:
    """Give the digest of the original; of an edited picture also that of the pixels that its steps gave."""
    edited = still.edited_sha256
    return still.exhibit_sha256 if edited is None else Sha256(f"{still.exhibit_sha256}+{edited}")
