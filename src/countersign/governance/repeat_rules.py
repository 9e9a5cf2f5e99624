"""When a person is searched for again in a case: the ground for it, what an earlier search makes of it, copied texts.

A search of the same person again needs one of three grounds, each of which must be true (practice P-03, rule A4). Where
a lead was released and still holds, that person has been named by it: another search is a targeted one (AUT-10).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.form_rules import TEXTS, copied_from, kind_of
from countersign.governance.request import FurtherGround, RequestForm, RequestState, SearchKind
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier request of the same case.

    Attributes:
        exhibits: Digests of its probe's files.
        searched: Whether its search was executed.
        lead_holds: Whether a lead of it was released and not disproved.
        lead_disproved: Whether a lead of it was disproved.
        changed_since: Whether gallery or network are others than it was searched with.
    """

    request: RequestId
    state: RequestState
    exhibits: frozenset[Sha256]
    searched: bool
    lead_holds: bool
    lead_disproved: bool
    changed_since: bool


def refusals_cited(form: RequestForm, exhibits: frozenset[Sha256], earlier: Iterable[Earlier]) -> Verdict:
    """Refuse a request that leaves out a refused one of the same case and file (AUT-12)."""
    refused = {one.request for one in earlier if one.state is RequestState.REFUSED and one.exhibits & exhibits}
    left_out = refused - set(form.earlier_requests)
    return require(
        not left_out,
        "refusal_not_cited",
        f"expected the refused requests of this case and file to be named, got none of {len(left_out)}",
    )


def same_person(form: RequestForm, exhibits: frozenset[Sha256], earlier: Iterable[Earlier]) -> tuple[Earlier, ...]:
    """Give the executed searches of the case that were for the same person: by file, or as the requester says."""
    stated = form.further_ground is not FurtherGround.NONE
    return tuple(one for one in earlier if one.searched and (stated or one.exhibits & exhibits))


def ground_given(form: RequestForm, exhibits: frozenset[Sha256], earlier: Iterable[Earlier]) -> Verdict:
    """Refuse to search for the same person again without a ground, or on one that is not true (P-03, rule A4)."""
    before = same_person(form, exhibits, earlier)
    true = {
        FurtherGround.NONE: False,
        FurtherGround.NEW_MATERIAL: any(exhibits - one.exhibits for one in before),
        FurtherGround.EARLIER_LEAD_DISPROVED: any(one.lead_disproved for one in before),
        FurtherGround.GALLERY_OR_NETWORK_CHANGED: any(one.changed_since for one in before),
    }
    return first_refusal(
        require(
            not before or form.further_ground is not FurtherGround.NONE,
            "further_ground_missing",
            "expected a ground to search for the same person again in this case, got none",
        ),
        require(
            not before or true[form.further_ground],
            "further_ground_untrue",
            f"expected a ground that the case bears out, got {form.further_ground}",
        ),
    )


def forced_kind(
    form: RequestForm, exhibits: frozenset[Sha256], earlier: Iterable[Earlier], *, track: bool
) -> SearchKind:
    """Give the kind: targeted where the form, a lead that holds or a track has named the person (AUT-10, rule A7)."""
    named = any(one.lead_holds for one in same_person(form, exhibits, earlier))
    return SearchKind.TARGETED if named or track else kind_of(form)


class Likeness(StrEnum):
    """What a text that is like an earlier one is."""

    SHARED = "shared"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopy:
    """A text of a form that nearly repeats an earlier one: of the same case it is shared, of another it is copied."""

    field: str
    request: RequestId
    likeness: Likeness


def near_copies(
    form: RequestForm, others: Iterable[tuple[RequestId, RequestForm]], same_case: frozenset[RequestId]
) -> tuple[NearCopy, ...]:
    """Give the texts that nearly repeat others, for the officer to see (AUT-02; practice, "Effort")."""
    return tuple(
        NearCopy(field=name, request=request, likeness=Likeness.SHARED if request in same_case else Likeness.COPIED)
        for request, other in others
        for name in TEXTS
        if getattr(form, name)  # a safeguarding form leaves some out: nothing is no copy of nothing
        and copied_from(getattr(form, name), getattr(other, name))
    )
