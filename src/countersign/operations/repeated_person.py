"""Whether a case searches for a person again without saying so: the sealed probes of the same case are all it looks at.

Nothing is compared across cases: a list's probe templates open under their own case's keys only (AUT-10, rule A4).
"""

import numpy as np

from countersign.errors import Refused
from countersign.governance.request import FurtherGround, SearchKind, SearchRequest
from countersign.operations.work import Work
from countersign.primitives.arrays import Codes
from countersign.search.operating_point import OperatingPoint
from countersign.search.probe import ONE_TO_ONE, RunState, SearchRun


class SamePersonError(Refused):
    """An earlier search of this case was for what looks like the same person, and no ground says so."""

    code = "same_person_again"


def known_probes(work: Work, request: SearchRequest) -> list[bytes]:
    """Give the sealed probe templates of the case's earlier searches, as far as their lists are still there."""
    sealed = work.runs.where(state=RunState.SEALED)
    runs = [run for run in sealed if _of_this_case(run, request) and run.operating_point != ONE_TO_ONE]
    lists = [work.lists.find(run.id) for run in runs if run.request != request.id]
    return [one.probe_codes for one in lists if one is not None]


def _of_this_case(run: SearchRun, request: SearchRequest) -> bool:
    """Say whether a search was of the same case: of any other, not even the templates are read (REF-09)."""
    return run.case == request.case


def check_not_searched_before(request: SearchRequest, probe: Codes, known: list[bytes], point: OperatingPoint) -> None:
    """Refuse a search without a ground whose probe compares with an earlier one of the case as a candidate would.

    Args:
        request: What is asked for.
        probe: Its templates, shape (n, d).
        known: Templates of earlier probes, each n' · d signed bytes.
        point: Where a comparison score counts; at the lowest listed one it does.

    Raises:
        SamePersonError: It is the same person by all that can be seen.
    """
    if request.form.further_ground is not FurtherGround.NONE or request.kind is not SearchKind.INITIAL or not known:
        return
    earlier = np.frombuffer(b"".join(known), dtype=np.int8).reshape(-1, probe.shape[1])
    best = int((probe.astype(np.int32) @ earlier.astype(np.int32).T).max())
    if best >= point.lowest:
        raise SamePersonError(
            "expected a ground to search for a person again whom this case searched for before, got none:"
            " new_material, earlier_lead_disproved or gallery_or_network_changed"
        )
