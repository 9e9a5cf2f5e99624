"""What must hold at the moment a search starts, gathered from the programme, the pack and the request."""

from collections.abc import Iterable, Iterator
from datetime import date

from countersign.governance.actor import Role
from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.certificate_rules import certificate_covers
from countersign.governance.one_to_one_rules import asks_for_comparison, asks_for_search
from countersign.governance.policy_pack import OperatingPoint as PointName
from countersign.governance.policy_pack import PolicyPack, thresholds, within
from countersign.governance.programme import Artefact, ArtefactType, ProgrammeState
from countersign.governance.programme_clock import under_cap
from countersign.governance.publication import returns_published
from countersign.governance.register_rules import gallery_large_enough
from countersign.governance.request import Authorisation, SearchRequest, Tier, Urgency
from countersign.governance.request_rules import Duty, authorisation_usable, separated, trained
from countersign.governance.verdict import ALLOWED, Verdict, first_refusal, require
from countersign.operations.imagery_age import imagery_ages
from countersign.operations.probe_binding import probe_binding
from countersign.operations.request_state import duties
from countersign.operations.turn import Turn
from countersign.search.operating_point import OperatingPoint
from countersign.search.probe import Probe, RunState


def operating_point(pack: PolicyPack, tier: Tier) -> OperatingPoint:
    """Give the operating point that the pack sets for a tier; nobody chooses it (ENG-02, practice P-01)."""
    return point_of(pack, thresholds(pack, tier)[0])


def point_of(pack: PolicyPack, name: PointName) -> OperatingPoint:
    """Give one of the operating points for which the pack has thresholds."""
    bands = pack.operating_points[name]
    spans = {(int(band.split("-")[0]), int(band.split("-")[-1])): threshold for band, threshold in bands.items()}
    return OperatingPoint(name=name, thresholds=spans, list_length=pack.list_lengths[name])


def validation_covers(artefacts: Iterable[Artefact], extractor: str, pack: PolicyPack, n_subjects: int) -> Verdict:
    """Say whether the validation was of this extractor at these thresholds and, certified, of all its key (EQV-01)."""
    found = [artefact for artefact in artefacts if artefact.type is ArtefactType.VALIDATION]
    if not found:
        return Verdict(allowed=False, code="validation_missing", reason="expected a validation in force, got none")
    validation = read_as(Validation, found[0].content)
    return first_refusal(
        require(
            validation.extractor == extractor,
            "validation_other_network",
            f"expected a validation of extractor {extractor}, got one of {validation.extractor}",
        ),
        require(
            validation.thresholds == pack.operating_points,
            "validation_other_threshold",
            "expected the thresholds that were validated, got a pack with others",
        ),
        ALLOWED if validation.certificate is None else certificate_covers(validation.certificate, pack, n_subjects),
    )


def returns_in_time(turn: Turn, request: SearchRequest) -> Verdict:
    """Refuse a search while the figures of a month are owed, but for 72 hours one to save a life (STA-01, P-11)."""
    months = sorted(one.id for one in turn.work.publications.where())
    since = date.fromisoformat(f"{months[0]}-01") if months else turn.programme.since.date()
    at_risk = request.tier is Tier.T2 and request.form.urgency is Urgency.THREAT_TO_LIFE
    return returns_published(since, frozenset(months), turn.now, life_at_risk=at_risk)


def _source_types(turn: Turn, probe: Probe) -> set[str]:
    return {turn.work.exhibits.get(still.exhibit).source_type for still in probe.stills}


def _searches_of_pilot(turn: Turn) -> int:
    """Count the searches that were begun since the pilot began; one that was given up gave nothing and counts not."""
    since = turn.programme.pilot_since
    if turn.programme.state is not ProgrammeState.PILOT or since is None:
        return 0
    return sum(run.started_at >= since and run.state is not RunState.ABORTED for run in turn.work.runs.where())


def search_conditions(
    turn: Turn, request: SearchRequest, authorisation: Authorisation, probe: Probe, n_subjects: int
) -> list[Verdict]:
    """Give every verdict that a search needs, in the order in which a person can do something about it."""
    pack, programme = turn.pack, turn.programme
    of_class = turn.work.collections.get(request.collection).collection_class
    return [
        turn.in_use(),
        returns_in_time(turn, request),
        asks_for_search(request.kind),
        *_spent_conditions(turn, request, authorisation, probe),
        validation_covers(turn.artefacts(), turn.desk.engine.extractor, pack, n_subjects),
        gallery_large_enough(n_subjects, pack, programme.kind, of_class),
        within(pack, of_class, _source_types(turn, probe)),
        under_cap(programme, turn.artefacts(), _searches_of_pilot(turn)),
    ]


def comparison_conditions(
    turn: Turn, request: SearchRequest, authorisation: Authorisation, probe: Probe
) -> list[Verdict]:
    """Give every verdict that a one-to-one comparison needs: all of a search, save for what a gallery asks (P-05)."""
    return [
        turn.in_use(),
        returns_in_time(turn, request),
        asks_for_comparison(request.kind),
        *_spent_conditions(turn, request, authorisation, probe),
        validation_covers(turn.artefacts(), turn.desk.engine.extractor, turn.pack, 1),
        under_cap(turn.programme, turn.artefacts(), _searches_of_pilot(turn)),
    ]


def _spent_conditions(
    turn: Turn, request: SearchRequest, authorisation: Authorisation, probe: Probe
) -> Iterator[Verdict]:
    """Give what must hold before an authorisation is spent, whatever it is spent on."""
    binding = probe_binding(probe, request.collection, request.compared_with)
    yield authorisation_usable(authorisation, binding=binding, now=turn.now)
    yield separated(duties(turn.work, request), Duty.OPERATOR, turn.actor.id)
    yield trained(turn.actor, Role.OPERATOR, turn.today)
    yield from imagery_ages(turn.work, probe, turn.pack, turn.now, urgent=authorisation.confirm_by is not None)
