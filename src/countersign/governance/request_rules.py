"""Guards of who decides on a request and of what an authorisation buys: verdicts for `verdict.check`.

What a form must say is `form_rules`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from countersign.governance.actor import Person, Rank, Role
from countersign.governance.form_rules import NO_OFFENCE, TEXTS, copied_from
from countersign.governance.policy_pack import URGENT_AGE_FLOOR_H, PolicyPack
from countersign.governance.request import (
    Authorisation,
    AuthorisationState,
    RequestForm,
    RequestState,
    SearchRequest,
    Tier,
    Urgency,
)
from countersign.governance.request_transitions import Event, doers
from countersign.governance.signature import canonical
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require
from countersign.primitives.codec import Plain
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import CaseId, CollectionId, FaceId, ImageId, PersonId, ProbeId

RANKS = tuple(Rank)
FOUR = 4


class Duty(StrEnum):
    """What a person did for one request; no person has two (requirements §3)."""

    REQUESTER = "requester"
    OFFICER = "officer"
    OPERATOR = "operator"
    EXAMINER = "examiner"
    THIRD = "third"


def rank_suffices(officer: Person, tier: Tier, form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse an officer below the rank that tier and offence demand; equality suffices (AUT-04)."""
    offence = next((row for row in pack.offences if row.code == form.offence_code), None)
    demanded = [rank for rank in (pack.rank_by_tier.get(tier), offence and offence.minimum_rank) if rank]
    if tier not in pack.rank_by_tier or (offence is None and form.offence_code != NO_OFFENCE):
        return Verdict(allowed=False, code="rank_too_low", reason=f"expected a rank for {tier} in the pack, got none")
    least = max(demanded, key=RANKS.index)
    return require(
        RANKS.index(officer.rank) >= RANKS.index(least),
        "rank_too_low",
        f"expected {least} or above for tier {tier}, got {officer.rank}",
    )


def independent(officer: Person, requester: Person) -> Verdict:
    """Refuse an officer who asked for the search, or is of the requester's team (AUT-04)."""
    together = (officer.organisation, officer.team) == (requester.organisation, requester.team)
    return first_refusal(
        require(officer.id != requester.id, "own_request", "expected another person than the requester, got the same"),
        require(
            officer.public_key != requester.public_key,
            "own_request",
            "expected another key than the requester's, got the same",
        ),
        require(
            not together, "same_team", f"expected an officer of another team than {requester.team!r}, got the same"
        ),
    )


def trained(person: Person, role: Role, today: date) -> Verdict:
    """Refuse a person who lacks the role or whose training for it is past its last day (GOV-15)."""
    until = dict(person.trained_until).get(role)
    return first_refusal(
        require(role in person.roles, "role_missing", f"expected a person with the role {role}, got one without"),
        require(
            until is not None and today <= until,
            "training_expired",
            f"expected training for {role} in date on {today}, got {until or 'none'}",
        ),
    )


# What stops a search or puts a wrong one right is never kept from anybody by a date.
ALWAYS_OPEN = frozenset({Event.WITHDRAW, Event.DISPROVE})


def fit_to_act(person: Person, state: RequestState, event: Event, today: date) -> Verdict:
    """Refuse a step to a person whose training is out of date for each role that may take it (GOV-15).

    It is asked at every step and not at sign-in: training that ran out yesterday ends what was begun before.
    """
    roles = sorted(role for role in doers(state, event) if isinstance(role, Role) and role in person.roles)
    if event in ALWAYS_OPEN or not roles:
        return ALLOWED
    verdicts = [trained(person, role, today) for role in roles]
    return ALLOWED if any(verdict.allowed for verdict in verdicts) else verdicts[0]


def own_reasons(necessity: str, proportionality: str, form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse an officer's reasons that are too short, say one thing twice or repeat the requester's words (AUT-02)."""
    least = pack.minimum_chars.reasons
    long_enough = min(len(necessity.strip()), len(proportionality.strip())) >= least
    theirs = [getattr(form, name) for name in TEXTS]
    copied = any(copied_from(mine, text) for mine in (necessity, proportionality) for text in theirs)
    return first_refusal(
        require(
            long_enough, "reasons_too_short", f"expected at least {least} characters on each of the two, got fewer"
        ),
        require(
            not copied_from(necessity, proportionality),
            "reasons_repeated",
            "expected two different reasons, got one twice",
        ),
        require(not copied, "reasons_copied", "expected the officer's own reasons, got the requester's words"),
    )


def binding_of(
    *,
    case: CaseId,
    probe: ProbeId,
    collection: CollectionId,
    stills: Iterable[tuple[Sha256, FaceId]],
    compared_with: ImageId | None = None,
) -> Sha256:
    """Give the digest of what an authorisation binds: case, probe, collection, exhibits, marked faces (P-03, AUT-07).

    The order of the stills does not matter; one still more or less does. Of a comparison it binds the image too (P-05).
    """
    faces: list[str] = sorted(f"{exhibit}:{face}" for exhibit, face in stills)
    image: dict[str, Plain] = {} if compared_with is None else {"compared_with": compared_with}
    return sha256(canonical({"case": case, "probe": probe, "collection": collection, "stills": [*faces], **image}))


def expires_at(granted_at: datetime, pack: PolicyPack) -> datetime:
    """Give the moment from which an authorisation is no longer good."""
    return granted_at + timedelta(days=pack.authorisation_days)


def authorisation_usable(authorisation: Authorisation, *, binding: Sha256, now: datetime) -> Verdict:
    """Refuse an authorisation that is spent, revoked, lapsed, not yet given, or for something else (AUT-07)."""
    state = authorisation.state
    return first_refusal(
        require(
            state is not AuthorisationState.SPENT,
            "authorisation_spent",
            "expected a live authorisation, got a spent one",
        ),
        require(
            state is AuthorisationState.LIVE,
            "authorisation_revoked",
            f"expected a live authorisation, got a {state} one",
        ),
        require(
            confirmed_in_time(authorisation, now),
            "authorisation_void",
            "expected an urgent authorisation confirmed in writing by its time, got one that nobody confirmed",
        ),
        require(
            authorisation.granted_at <= now < authorisation.expires_at,
            "authorisation_expired",
            f"expected use before {authorisation.expires_at.isoformat()}, got {now.isoformat()}",
        ),
        require(
            authorisation.binding == binding,
            "authorisation_binds_other",
            "expected the case, probe, collection, exhibits and faces that were authorised, got others",
        ),
    )


def urgency_stated(form: RequestForm) -> Verdict:
    """Refuse urgency for anything but a threat to life or serious harm (AUT-08)."""
    return require(
        form.urgency is not Urgency.NONE,
        "not_urgent",
        "expected a threat to life or serious harm on the form, got neither",
    )


def confirmed_in_time(authorisation: Authorisation, now: datetime) -> bool:
    """Say whether an urgent decision was confirmed in writing, or can still be; at its last moment it can (AUT-08)."""
    by, at = authorisation.confirm_by, authorisation.confirmed_at
    return by is None or (now if at is None else at) <= by


def confirmable(
    granted: Sequence[Authorisation], officer: PersonId, statement: str, pack: PolicyPack, now: datetime
) -> Verdict:
    """Refuse to confirm unless an urgent decision of this very officer waits for it, in time and in enough words."""
    waiting = [one for one in granted if one.confirm_by is not None and one.confirmed_at is None]
    return first_refusal(
        require(bool(waiting), "nothing_to_confirm", "expected an unconfirmed urgent authorisation, got none"),
        require(
            all(one.officer == officer for one in waiting),
            "not_officer",
            "expected the officer who decided, got another person",
        ),
        require(
            all(confirmed_in_time(one, now) for one in waiting),
            "authorisation_void",
            "expected a confirmation in time, got one after it: the authorisation is void",
        ),
        require(
            len(statement.strip()) >= pack.minimum_chars.reasons,
            "reasons_too_short",
            f"expected at least {pack.minimum_chars.reasons} characters, got fewer",
        ),
    )


def latest_capture(sealed_at: datetime, *bounds: datetime | None) -> datetime:
    """Give the latest moment at which imagery can have been taken: the smallest of what is known (practice P-13).

    An image of unknown age has one bound, the moment it was sealed, and qualifies once it has lain long enough.
    """
    return min([sealed_at, *(bound for bound in bounds if bound is not None)])


def age_hours(latest: datetime, now: datetime) -> int:
    """Give the age of imagery in whole hours, rounded down; negative when it lies in the future."""
    return (now - latest) // timedelta(hours=1)


def imagery_old_enough(latest: datetime, now: datetime, pack: PolicyPack, *, urgent: bool = False) -> Verdict:
    """Refuse imagery that is younger than the least age; exactly that old is old enough (PRB-02, LFR-02).

    ``latest`` is the latest capture bound of all stills: the worst case counts. ``urgent`` takes the pack's urgent age;
    no pack, rank or urgency goes below the floor of one hour.
    """
    hours = max(URGENT_AGE_FLOOR_H, pack.urgent_imagery_age_h if urgent else pack.minimum_imagery_age_h)
    return first_refusal(
        require(
            latest <= now,
            "capture_in_future",
            f"expected imagery from before {now.isoformat()}, got {latest.isoformat()}",
        ),
        require(
            now - latest >= timedelta(hours=hours),
            "imagery_too_young",
            f"expected imagery at least {hours} h old in the worst case, got {age_hours(latest, now)} h",
        ),
    )


OVER = frozenset(
    {
        *(RequestState.REFUSED, RequestState.PROBE_UNSUITABLE, RequestState.NO_CANDIDATE, RequestState.NO_LEAD),
        *(RequestState.OUTCOME_RECORDED, RequestState.DISPROVED, RequestState.STOPPED, RequestState.EXPIRED),
        *(RequestState.VOIDED, RequestState.WITHDRAWN, RequestState.LAPSED, RequestState.CLOSED),
        *(RequestState.RETENTION_REVIEW, RequestState.ERASED, RequestState.DRAFT),
    }
)


def case_over(requests: Iterable[SearchRequest]) -> Verdict:
    """Refuse to erase a case while a request of it is under way."""
    alive = sorted({request.state for request in requests} - OVER)
    return require(
        not alive, "case_under_way", f"expected a case in which nothing is under way, got {', '.join(alive)}"
    )


def withdrawable(parties: Collection[PersonId], person: PersonId) -> Verdict:
    """Refuse to withdraw what somebody else asked for and another officer decided on."""
    return require(
        person in parties, "not_party", "expected the requester or the deciding officer of this request, got another"
    )


def separated(duties: Mapping[Duty, PersonId], duty: Duty, person: PersonId) -> Verdict:
    """Refuse a person a second duty in the same request; persons count, not accounts or roles (requirements §3)."""
    held = [other for other, holder in duties.items() if holder == person and other is not duty]
    taken = duties.get(duty, person) != person
    return first_refusal(
        require(not held, "duties_not_separate", f"expected another person as {duty}, got the {', '.join(held)}"),
        require(not taken, "duty_taken", f"expected the {duty} who already acted, got another person"),
    )


def four_people(duties: Mapping[Duty, PersonId]) -> Verdict:
    """Refuse a release unless requester, officer, operator and examiner are there, and all are different people."""
    missing = [duty for duty in Duty if duty is not Duty.THIRD and duty not in duties]
    return first_refusal(
        require(not missing, "duty_missing", f"expected each duty done, got none for {', '.join(missing)}"),
        require(
            len(set(duties.values())) == len(duties),
            "duties_not_separate",
            f"expected at least {FOUR} people, each with one duty, got {len(set(duties.values()))}",
        ),
    )
