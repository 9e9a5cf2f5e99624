"""Enrol seeded synthetic templates, named as such, so that a demonstration has a gallery of a realistic size.

They belong to nobody and have no picture. Programmes of kind ``production`` refuse them.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from countersign.governance.permission import Permission
from countersign.governance.policy_pack import Relaxation, relaxed
from countersign.governance.programme_standing import may_enrol
from countersign.governance.register import CustodyRecord, ImageOrigin, LegalStatus, Subject
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.reference_digest import reference_digest
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CollectionId, ImageId, KeyId, RecordId, SubjectId, new_id
from countersign.templates.extractor import quantise
from countersign.templates.reference import ReferenceTemplate

QUALITY = 0.9
DIMENSION = 128
SCALE = 381.0
REVIEW_AFTER = timedelta(days=365)
SHOWN_EVERY = 250
HOMES = frozenset({ImageOrigin.SYNTHETIC, ImageOrigin.LICENSED_TEST_DATA})
"""Origins of the collections that they may join; each of their rows is named as synthetic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolSynthetic:
    """How many, from which seed."""

    collection: CollectionId
    number: int
    seed: int


@operation(Permission.COLLECTION_ENROL)
def enrol_synthetic(turn: Turn, arguments: EnrolSynthetic) -> int:
    """Enrol synthetic templates: random directions, which resemble each other less than people do.

    Raises:
        GuardError: The programme is a production one, or the collection holds records of real custody.
    """
    collection = turn.work.collections.get(arguments.collection)
    turn.check(
        may_enrol(turn.programme.kind, turn.programme.state, collection.origin),
        require(
            relaxed(turn.programme.kind, Relaxation.SYNTHETIC_TEMPLATES) and collection.origin in HOMES,
            "synthetic_templates",
            "expected a collection of synthetic or licensed test data in a demonstration or test programme,"
            f" got {collection.origin} in a programme of kind {turn.programme.kind}",
        ),
    )
    features = np.random.default_rng(arguments.seed).standard_normal((arguments.number, DIMENSION), dtype=np.float32)
    codes = quantise(features / np.linalg.norm(features, axis=1, keepdims=True), scale=SCALE)
    keys = iter(turn.work.keys.create_all(arguments.number))
    rows = []
    for number, code in enumerate(codes):
        rows.append(_rows(turn, arguments, number, next(keys), code))
        if not number % SHOWN_EVERY:
            turn.desk.progress(number, arguments.number)
    turn.work.subjects.add_all(subject for subject, _, _ in rows)
    turn.work.records.add_all(record for _, record, _ in rows)
    turn.work.templates.add_all(template for _, _, template in rows)
    root = turn.work.gallery.changed(collection.id, [(template.id, "shown") for _, _, template in rows])
    turn.record(
        EventKind.REFERENCE_ENROLLED,
        {"collection": collection.id, "enrolled": len(rows), "failed": 0, "refused": 0, "gallery_root": root},
    )
    return len(rows)


def _rows(
    turn: Turn, arguments: EnrolSynthetic, number: int, key: KeyId, code: NDArray[np.int8]
) -> tuple[Subject, CustodyRecord, ReferenceTemplate]:
    name = f"synthetic/{arguments.seed}/{number}"
    subject = Subject(
        id=SubjectId(new_id()),
        collection=arguments.collection,
        key=key,
        external_id=name,
        external_digest=reference_digest(turn.work, arguments.collection, "subject", name),
    )
    record = CustodyRecord(
        id=RecordId(new_id()),
        collection=arguments.collection,
        subject=subject.id,
        key=key,
        external_id=name,
        external_digest=reference_digest(turn.work, arguments.collection, "record", name, name),
        status=LegalStatus.CONVICTED,
        status_checked_at=turn.now,
        review_due=turn.today + REVIEW_AFTER,
        owner="",
        added_at=turn.now,
        searchable=True,
        listed_from=turn.now,
        date_of_birth=None,
        erase_due=None,
        kept_until=None,
    )
    template = ReferenceTemplate(
        id=new_id(),
        image=ImageId(new_id()),
        record=record.id,
        subject=subject.id,
        collection=arguments.collection,
        key=key,
        extractor=turn.desk.engine.extractor,
        unified=QUALITY,
        codes=code.tobytes(),
        synthetic=True,
        searchable=True,
    )
    return subject, record, template
