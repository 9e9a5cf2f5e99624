"""Papers that are generated from the live configuration, so that none of them says what the system does not do.

One retention schedule feeds them all: the record of processing, the public notice, the public register, and the drafts
of the impact assessment and of the appropriate policy document (RET-01, GOV-14, GOV-16, DSR-01).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from countersign.errors import Refused
from countersign.governance.actor import Role
from countersign.governance.adopted_documents import ComplaintRoute, Contract, ProcessingRecord, PublishedPolicy
from countersign.governance.artefact_content import Dpia, Validation, read_as
from countersign.governance.policy_pack import PolicyPack
from countersign.governance.programme import Artefact, ArtefactType, Programme
from countersign.governance.programme_standing import current_of
from countersign.governance.register import Collection
from countersign.governance.retention import RetentionRow

C = TypeVar("C")
A = ArtefactType
_RIGHTS = (
    "You may ask what we hold of you, that we correct it, erase it or restrict its use. A person who was not convicted "
    "may ask that their images be deleted; we must then delete them unless there is an exceptional reason."
)


_READER = {Role.DPO: "data protection officer", Role.OVERSIGHT: "oversight panel"}


_NOT_FOR = "Not for live use, not for following anybody, and no evidence of who somebody is."
_LIMITS = (
    "A list may hold nobody who is sought, and people who only look alike: the more so in a large collection, with a "
    "poor still. Children, old images, faces that are covered, turned or blurred are compared worse. The "
    "person sought may not be in the collection at all."
)
_OVERSIGHT = (
    "An officer authorises each search. Two trained people compare without seeing score, rank or each other's opinion; "
    "either may find nothing, and that is the default. An officer looks again before release. DPO, oversight and "
    "controller can stop all searching at once."
)
_LOG = "Every use is an entry; `countersign ledger export` gives it out and `countersign-verify` checks it anywhere."


class PaperKind(StrEnum):
    """What can be generated."""

    PROCESSING_RECORD = "processing_record"
    NOTICE = "notice"
    REGISTER = "register"
    INSTRUCTIONS = "instructions"


class MissingDocumentError(Refused):
    """A paper cannot be generated before the document that it rests on is in force."""

    code = "paper_needs_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a paper: the clause that asks for it, its title, and what it says."""

    clause: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A generated paper."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What papers are generated from.

    Attributes:
        extractor: Identity of the extractor at work.
        held: Records that are held, and those of them that can be searched, by collection id.
    """

    programme: Programme
    artefacts: Sequence[Artefact]
    pack: PolicyPack
    collections: Sequence[Collection]
    extractor: str
    held: Mapping[str, tuple[int, int]]

    def document(self, artefact_type: ArtefactType, kind: type[C]) -> C:
        """Give the content of a document in force.

        Raises:
            MissingDocumentError: There is none.
        """
        found = current_of(self.artefacts).get(artefact_type)
        if found is None:
            raise MissingDocumentError(f"expected a {artefact_type} in force, got none")
        return read_as(kind, found.content)


def spoken(code: str) -> str:
    """Say a code in words: ``case_closed`` is ``case closed``."""
    return code.replace("_", " ")


def schedule(table: Iterable[RetentionRow]) -> str:
    """Say the retention schedule, a line a class: the one text that every paper carries."""
    return "\n".join(
        f"{spoken(row.object_class)}: {row.days} days from {spoken(row.counted_from)}; {row.reason}" for row in table
    )


def _terms(titles: Iterable[str]) -> str:
    return "; ".join(titles)


def _collections(made_of: Configuration) -> str:
    return "\n".join(
        f"{one.name} ({spoken(one.collection_class)}): {one.purpose}; {one.legal_power}; "
        f"{made_of.held[one.id][0]} records, {made_of.held[one.id][1]} of them searchable"
        for one in made_of.collections
    )


def _thresholds(pack: PolicyPack) -> str:
    return "\n".join(
        f"{point}: {', '.join(f'{band} views {lowest}' for band, lowest in sorted(bands.items()))}; at most "
        f"{pack.list_lengths[point]} candidates"
        for point, bands in sorted(pack.operating_points.items())
    )


def _rates(validation: Validation) -> str:
    return (
        f"{validation.dataset}: {validation.searches} searches among {validation.gallery_size} people, lists of "
        f"{validation.list_length}; FNIR {validation.fnir.value:.3f} ({validation.fnir.low:.3f} to "
        f"{validation.fnir.high:.3f}), FPIR {validation.fpir.value:.3f} ({validation.fpir.low:.3f} to "
        f"{validation.fpir.high:.3f}); extractor {validation.extractor}"
    )


def processing_record(made_of: Configuration) -> Paper:
    """Give the record of processing.

    Source:
        DPA 2018 s.61(2)(a) to (k), s.42(4)(a) to (c).
    """
    said, pack = made_of.document(A.PROCESSING_RECORD, ProcessingRecord), made_of.pack
    conditions = _terms(one.title for one in pack.schedule_8_conditions)
    rows = (
        ("s.61(2)(a)", "Controller", f"{said.controller}\n{said.controller_contact}"),
        ("s.61(2)(b)", "Joint controllers", said.joint_controllers),
        ("s.61(2)(c)", "Data protection officer", said.dpo_contact),
        ("s.61(2)(d)", "Purposes", _terms(one.title for one in pack.purposes)),
        ("s.61(2)(e)", "Recipients", said.recipients),
        ("s.61(2)(f)", "Data subjects and data", f"{_collections(made_of)}\n{_terms(map(spoken, pack.source_types))}"),
        ("s.61(2)(g)", "Profiling", said.profiling),
        ("s.61(2)(h)", "Transfers", said.transfers),
        ("s.61(2)(i)", "Legal basis", _terms(one.legal_power for one in made_of.collections)),
        ("s.61(2)(j)", "Time limits for erasure", schedule(pack.retention)),
        ("s.61(2)(k)", "Security measures", said.security_measures),
        ("s.42(4)(a)", "Schedule 8 conditions", conditions),
        ("s.42(4)(b)", "How the processing is lawful", said.lawfulness),
        ("s.42(4)(c)", "Whether retention is kept", said.retention_kept),
    )
    return _paper("Record of processing", rows)


def notice(made_of: Configuration) -> Paper:
    """Give the general information that everybody may read (s.44(1), DSR-01)."""
    said, route = (
        made_of.document(A.PROCESSING_RECORD, ProcessingRecord),
        made_of.document(A.COMPLAINT_ROUTE, ComplaintRoute),
    )
    policy = made_of.document(A.PUBLISHED_POLICY, PublishedPolicy)
    heard = f"You hear from us within {route.acknowledged_within_days} days."
    rows = (
        ("s.44(1)(a)", "Who we are", f"{said.controller}\n{said.controller_contact}"),
        ("s.44(1)(b)", "Our data protection officer", said.dpo_contact),
        ("s.44(1)(c)", "Why we do it", f"{policy.plain_summary}\n{_terms(one.title for one in made_of.pack.purposes)}"),
        (
            "s.44(1)(d)",
            "Your rights",
            _RIGHTS,
        ),
        (
            "s.44(1)(e)",
            "How to complain",
            f"{route.address}\n{heard}\n{route.commissioner}\n{route.accessible_formats}",
        ),
        (
            "s.81",
            "To report a breach without your superiors knowing",
            f"{route.confidential}\nOnly the {_READER[route.confidential_reader]} reads it, nobody in line command.",
        ),
        ("s.44(2)(b)", "How long we keep it", schedule(made_of.pack.retention)),
    )
    return _paper("How we search with faces, and your rights", rows)


def register(made_of: Configuration) -> Paper:
    """Give the public register: documents, policy, thresholds, results, audits (GOV-16, EQV-04)."""
    pack, validation = made_of.pack, made_of.document(A.VALIDATION, Validation)
    documents = "\n".join(
        f"{spoken(one.type)}, version {one.version}, signed {one.signed_at.date()}, reviewed by {one.review_by}, "
        f"{one.sha256}{f', {one.public_address}' if one.public_address else ''}"
        for one in sorted(current_of(made_of.artefacts).values(), key=lambda one: one.type)
    )
    audits = "\n".join(
        f"{one.name}: {one.audited_at.date() if one.audited_at else 'not yet'}" for one in made_of.collections
    )
    rows = (
        ("", "State of the programme", f"{spoken(made_of.programme.state)} since {made_of.programme.since.date()}"),
        ("", "Impact assessment, in plain English", made_of.document(A.DPIA, Dpia).plain_summary),
        ("", "Policy, in plain English", made_of.document(A.PUBLISHED_POLICY, PublishedPolicy).plain_summary),
        ("", "Thresholds and list lengths", _thresholds(pack)),
        ("", "Why these and no others", pack.change_reason or "They are the first that were adopted."),
        ("", "Test results", _rates(validation)),
        ("", "Offences for which a search may be asked", _terms(one.title for one in pack.offences)),
        ("", "Collections", _collections(made_of)),
        ("", "Last audit for erasure", audits),
        ("", "How long data is kept", schedule(pack.retention)),
        ("", "Documents in force", documents),
    )
    return _paper("Public register", rows)


def instructions(made_of: Configuration) -> Paper:
    """Give the instructions for use, with error rates and limits as they were measured (EU-05).

    Source:
        AI Act Art 13(3)(a) to (f), Art 15(3).
    """
    pack, validation = made_of.pack, made_of.document(A.VALIDATION, Validation)
    tested = current_of(made_of.artefacts)[A.VALIDATION]
    young = f"Imagery younger than {pack.minimum_imagery_age_h} h is refused, in urgent cases than"
    rows = (
        ("Art 13(3)(a)", "Who supplies and supports it", made_of.document(A.CONTRACT, Contract).processor),
        ("Art 13(3)(b)(i)", "What it is for", f"{_terms(one.title for one in pack.purposes)}\n{_NOT_FOR}"),
        ("Art 13(3)(b)(ii)", "Error rates, as tested", f"{_rates(validation)}\n{_thresholds(pack)}"),
        ("Art 13(3)(b)(iii)", "Limits", f"{_LIMITS}\n{young} {pack.urgent_imagery_age_h} h."),
        ("Art 13(3)(b)(v)", "Groups of people", _by_group(validation)),
        ("Art 13(3)(b)(vi)", "What goes in", f"{_terms(map(spoken, pack.source_types))}\n{_collections(made_of)}"),
        ("Art 13(3)(d)", "Human oversight", _OVERSIGHT),
        ("Art 13(3)(e)", "How long this holds", f"Tested {tested.signed_at.date()}; test again by {tested.review_by}."),
        ("Art 13(3)(f)", "Its log", _LOG),
        ("Art 26(10)", "How long data is kept", schedule(pack.retention)),
    )
    return _paper("Instructions for use", rows)


def _by_group(validation: Validation) -> str:
    """Say the errors of each group as counts: a rate of few searches would claim too much."""
    if validation.certificate is None:
        return "Not measured by group: this is no validation for use with real people."
    return "\n".join(
        f"{one.point}, {one.attribute} {one.group}: {one.false.errors} of {one.false.searches} searches without a mate "
        f"listed somebody, {one.missed.errors} of {one.missed.searches} with one missed it"
        for one in validation.certificate.groups
    )


def _paper(title: str, rows: Iterable[tuple[str, str, str]]) -> Paper:
    return Paper(title=title, items=tuple(Item(clause=clause, title=name, text=text) for clause, name, text in rows))


PAPERS: Mapping[PaperKind, Callable[[Configuration], Paper]] = MappingProxyType(
    {
        PaperKind.PROCESSING_RECORD: processing_record,
        PaperKind.NOTICE: notice,
        PaperKind.REGISTER: register,
        PaperKind.INSTRUCTIONS: instructions,
    }
)
