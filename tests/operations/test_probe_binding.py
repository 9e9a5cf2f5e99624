from dataclasses import replace

from countersign.operations.probe_binding import probe_binding
from countersign.primitives.digest import sha256
from countersign.primitives.ids import CaseId, CollectionId, FaceId, ProbeId
from tests.operations.scene import Scene


def test_case_probe_collection_exhibit_and_face_each_change_the_binding(marked: Scene):
    collection = marked.ids.collection
    with marked.reading() as work:
        probe = work.probes.get(marked.ids.probe)
    (still,) = probe.stills
    bindings = [
        probe_binding(probe, collection),
        probe_binding(probe, CollectionId("other")),
        probe_binding(replace(probe, id=ProbeId("other")), collection),
        probe_binding(replace(probe, case=CaseId("other")), collection),
        probe_binding(replace(probe, stills=(replace(still, face=FaceId("other")),)), collection),
        probe_binding(replace(probe, stills=(replace(still, exhibit_sha256=sha256(b"other")),)), collection),
        probe_binding(replace(probe, stills=(still, still)), collection),
    ]

    assert len(set(bindings)) == len(bindings)


def test_the_reason_and_the_weight_bind_nothing(marked: Scene):
    with marked.reading() as work:
        probe = work.probes.get(marked.ids.probe)

    assert probe_binding(replace(probe, reason="another"), marked.ids.collection) == probe_binding(
        probe, marked.ids.collection
    )
