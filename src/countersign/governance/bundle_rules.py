"""Rules of a case bundle: what a case shares is written once, and every face has its own reason (practice: Effort).

A bundle saves writing and nothing else: each face is a request, is decided by itself, and buys one search.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

from countersign.governance.form_rules import copied_from
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import CaseId, ProbeId

MOST_FACES = 10


def bundle_sound(cases: Collection[CaseId], probes: Sequence[ProbeId], reasons: Sequence[str]) -> Verdict:
    """Refuse a bundle over several cases, of too many faces, with a face twice, or with one reason for two faces."""
    repeated = any(copied_from(one, other) for one, other in combinations(reasons, 2))
    return first_refusal(
        require(
            1 <= len(probes) <= MOST_FACES,
            "bundle_size",
            f"expected 1 to {MOST_FACES} faces in a bundle, got {len(probes)}",
        ),
        require(len(set(probes)) == len(probes), "bundle_face_twice", "expected each face once, got one twice"),
        require(len(set(cases)) <= 1, "bundle_of_many_cases", "expected faces of one case, got several cases"),
        require(
            not repeated,
            "bundle_reason_repeated",
            "expected a reason of its own for each face, got one for two: it is what each decision rests on",
        ),
    )
