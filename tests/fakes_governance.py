"""Made-up people, forms and artefacts for tests of rules; nobody and nothing real."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countersign.cli.demonstration.adopted import adopted, equality_decision
from countersign.governance import artefact as artefacts
from countersign.governance import signature
from countersign.governance.actor import Person, Rank, Role
from countersign.governance.artefact_types import SIGNERS
from countersign.governance.policy_pack import PolicyPack, read_pack_toml, shipped
from countersign.governance.programme import (
    Artefact,
    ArtefactType,
    Jurisdiction,
    Programme,
    ProgrammeKind,
    ProgrammeState,
)
from countersign.governance.request import AgeBand, RequestForm, Setting, SubjectCategory, UseClass
from countersign.primitives.codec import Plain, to_plain
from countersign.primitives.ids import ArtefactId, KeyId, PersonId
from countersign.primitives.privacy import Privacy

Record = TypeVar("Record")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RATE: Plain = {"value": "0.05", "low": "0.01", "high": "0.12"}
_OWN: Mapping[ArtefactType, dict[str, Plain]] = {
    ArtefactType.DPIA: {
        "plain_summary": "what it means for anybody",
        "description": "what is done",
        "risk_assessment": "what can go wrong",
        "measures": "what is done about it",
        "safeguards": "how it is shown",
        "dpo_advice": "go on with care",
        "advice_followed": True,
        "residual_risk": "medium",
    },
    ArtefactType.CONSULTATION_ADVICE: {"kind": "advice", "text": "the Commissioner's advice"},
    ArtefactType.ETHICS_OPINION: {
        "conditions": {
            "benefit": "shown",
            "bias": "measured",
            "necessity": "asked each time",
            "training": "in place",
            "guidelines": "written",
        },
        "recommendations": [{"text": "publish figures", "response": "every month"}],
        "conclusion": "may go on",
    },
    ArtefactType.VALIDATION: {
        "extractor": "sface/f32",
        "dataset": "research set",
        "thresholds": {"strict": {"1": 54000, "2-7": 62400}},
        "gallery_size": 613,
        "searches": 12,
        "list_length": 10,
        "fnir": RATE,
        "fpir": RATE,
    },
    ArtefactType.APPROPRIATE_POLICY_DOCUMENT: {"procedures": "as written", "retention": "as in the pack"},
    ArtefactType.POLICY_PACK: tomllib.loads(shipped("test")),
    ArtefactType.PILOT_PLAN: {"measures": ["leads corroborated"], "search_cap": 50, "ends": "2026-08-01"},
    ArtefactType.PILOT_EVALUATION: {
        "findings": "as hoped",
        "measured": [{"measure": "leads corroborated", "finding": "nine of ten"}],
        "benefit": "material",
        "more_than_marginal": True,
        "joint_trial": {"mated": 40, "found": 31, "non_mated": 40, "false_leads": 1},
        "published_at": "the register",
    },
    ArtefactType.LIFT_DECISION: {"cause": "a document ran out", "mended": "it was renewed"},
    ArtefactType.CESSATION_DECISION: {"reason": "the benefit ended", "kept": "the log and its proofs"},
}
CONTENT: Mapping[ArtefactType, dict[str, Plain]] = {
    **_OWN,
    **{kind: cast("dict[str, Plain]", to_plain(content)) for kind, content in adopted(date(2026, 8, 1)).items()},
    ArtefactType.EQUALITY_DECISION: cast(
        "dict[str, Plain]",
        to_plain(equality_decision(artefacts.content_digest(artefacts.content_text(_OWN[ArtefactType.VALIDATION])))),
    ),
}


def changed(record: Record, **changes: Any) -> Record:
    """Do as `replace` does, with names of fields that come from a table of cases."""
    return replace(record, **changes)  # type: ignore[type-var]


@cache
def pack_of_tests() -> PolicyPack:
    """Give the shipped pack of test programmes."""
    return read_pack_toml(shipped("test"))


@cache
def private_key(name: str) -> Ed25519PrivateKey:
    """Give a key that is the same in every run; the seed is the name."""
    return Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"\0")[:32])


def person(name: str, *roles: Role, rank: Rank = Rank.CONSTABLE, team: str = "blue") -> Person:
    """Give a person who is trained for all roles until tomorrow."""
    return Person(
        id=PersonId(name),
        key=KeyId(f"key-{name}"),
        name=name,
        public_key=signature.public_hex(private_key(name)),
        organisation="north force",
        team=team,
        rank=rank,
        roles=roles,
        trained_until=tuple((role, NOW.date() + timedelta(days=1)) for role in roles),
        registered_at=NOW,
    )


def form(**changes: str | bool) -> RequestForm:
    """Give a form that every rule accepts, with changes."""
    good = RequestForm(
        offence_code="robbery",
        purpose="investigation",
        subject_category=SubjectCategory.PRESUMED_OFFENDER,
        use_class=UseClass.INTELLIGENCE,
        schedule_8_condition="statutory_purpose",
        aim="to find out who took the bag at the counter",
        why_this_face="the person in frame 12 takes the bag and runs",
        objective_facts="two recordings show the same jacket and gait",
        alternatives_tried="house-to-house enquiries and a public appeal brought nothing",
        collateral_intrusion="other customers are masked before anything is computed",
        expected_benefit="a name to check against the till records",
        setting=Setting.ORDINARY,
        age_band=AgeBand.ADULT,
        place="city centre",
        privacy=Privacy.PUBLIC_PLACE,
        declaration=True,
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def signed(
    artefact_type: ArtefactType,
    content: dict[str, Plain] | None = None,
    *,
    signed_at: datetime = NOW - timedelta(days=10),
    review_by: date = date(2026, 8, 1),
) -> Artefact:
    """Give an artefact signed by the person of the role that signs its type; the signer is named after the role."""
    signer = SIGNERS[artefact_type].value
    text = artefacts.content_text(CONTENT[artefact_type] if content is None else content)
    return Artefact(
        id=ArtefactId(f"{artefact_type}-1"),
        type=artefact_type,
        version="1",
        sha256=artefacts.content_digest(text),
        content=text,
        signer=PersonId(signer),
        signature=artefacts.sign_artefact(
            private_key(signer),
            artefact_type=artefact_type,
            version="1",
            content=text,
            review_by=review_by,
            signed_at=signed_at,
        ),
        signed_at=signed_at,
        review_by=review_by,
        public_address="https://example.org/register",
        current=True,
    )


def all_signed() -> list[Artefact]:
    """Give one artefact of each type."""
    return [signed(artefact_type) for artefact_type in ArtefactType]


def programme(state: ProgrammeState, *, since: datetime = NOW, kind: ProgrammeKind = ProgrammeKind.TEST) -> Programme:
    """Give a programme in a state."""
    return Programme(
        id="programme",
        kind=kind,
        jurisdiction=Jurisdiction.UK_EW,
        origin="countersign.test/north",
        state=state,
        since=since,
    )
