"""What the form of a request must say, and the tier that follows from it: verdicts for `verdict.check`.

Two tables decide without a person's choice: `SOUGHT_IN`, which categories of people may be looked for in which class of
collection (practice P-10), and `RAISES_TIER`, what makes a search more intrusive (AUT-05). A pack can narrow neither
into something wider.
"""

import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

from countersign.governance.policy_pack import PolicyPack, Severity
from countersign.governance.register import CollectionClass
from countersign.governance.request import (
    AgeBand,
    RequestForm,
    SafeguardingGround,
    SearchKind,
    Setting,
    SubjectCategory,
    Tier,
    Urgency,
    UseClass,
)
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.privacy import Privacy

TEXTS = ("aim", "why_this_face", "objective_facts", "alternatives_tried", "collateral_intrusion", "expected_benefit")
SHORT_TEXTS = ("aim", "why_this_face", "alternatives_tried", "collateral_intrusion")
"""What a safeguarding form says: nothing links its person to an offence, and what finding them brings is plain."""
# AUT-02: HMICFRS asks for every image to be searched, the law for strict necessity case by case; these are no reasons.
BARE_REASONS = re.compile(
    r"\b(an? |the )?(image|photo(graph)?|picture|still|footage|cctv) (exists?|is available|was available)\b"
    r"|\b(an? |the )?(publicly available|public) (photo(graph)?|image|picture|post)\b"
    r"|\bimage_exists\b|\bpublic_photo\b|\b(it|image|photo|picture|profile) (is|was) public\b",
    re.IGNORECASE,
)
NOTHING = re.compile(r"(none|no|nil|nothing|not applicable|n/?a|not tried|no others?|[-.\s])*", re.IGNORECASE)
FILLERS = re.compile(r"\b(because|since|as|of|the|an?|and|we have|there is|it|is|was|so)\b|[\W_]", re.IGNORECASE)
COPY_RATIO = 0.8
NO_OFFENCE = "none"
"""What a safeguarding form says in place of an offence (practice P-10)."""

SAFEGUARDED = frozenset({SubjectCategory.VICTIM, SubjectCategory.MISSING, SubjectCategory.DECEASED})
GROUND_OF: Mapping[SubjectCategory, SafeguardingGround] = MappingProxyType(
    {
        SubjectCategory.VICTIM: SafeguardingGround.RISK,
        SubjectCategory.MISSING: SafeguardingGround.RISK,
        # Whoever died is at no risk any more: the coroner asks who it is.
        SubjectCategory.DECEASED: SafeguardingGround.CORONER,
    }
)
_FOUND_IN = frozenset({CollectionClass.MISSING, CollectionClass.DECEASED_UNIDENTIFIED})
SOUGHT_IN: Mapping[SubjectCategory, frozenset[CollectionClass]] = MappingProxyType(
    {
        SubjectCategory.PRESUMED_OFFENDER: frozenset({CollectionClass.CUSTODY}),
        SubjectCategory.CONVICTED: frozenset({CollectionClass.CUSTODY}),
        SubjectCategory.VICTIM: _FOUND_IN,
        SubjectCategory.MISSING: _FOUND_IN,
        SubjectCategory.DECEASED: _FOUND_IN,
        # Nobody is looked for because they saw something.
        SubjectCategory.WITNESS: frozenset(),
    }
)

Flag = Callable[[RequestForm, CollectionClass], bool]
RAISES_TIER: Mapping[str, Flag] = MappingProxyType(
    {
        "child": lambda form, _: form.age_band is AgeBand.UNDER_18,
        "no_offender": lambda form, _: form.subject_category in {SubjectCategory.VICTIM, SubjectCategory.WITNESS},
        "setting": lambda form, _: form.setting is not Setting.ORDINARY,
        "privacy": lambda form, _: form.privacy is not Privacy.PUBLIC_PLACE,
        "urgent": lambda form, _: form.urgency is not Urgency.NONE,
        "targeted": lambda form, _: kind_of(form) is SearchKind.TARGETED,
        "non_custody": lambda _, collection_class: collection_class is CollectionClass.NON_CUSTODY,
    }
)
SERIOUS_ENOUGH = frozenset({Severity.SERIOUS, Severity.MEDIUM})


def kind_of(form: RequestForm) -> SearchKind:
    """Compute the kind: targeted as soon as the form says who it is (AUT-09, AUT-10; practice P-03)."""
    return SearchKind.TARGETED if form.named_person.strip() else SearchKind.INITIAL


def form_complete(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse a form with a text shorter than the pack's least length, without a place, or without the declaration.

    A form that safeguards is a short one: it has fewer texts (practice P-10).
    """
    least = pack.minimum_chars.request
    short = [name for name in (SHORT_TEXTS if safeguards(form) else TEXTS) if len(getattr(form, name).strip()) < least]
    return first_refusal(
        require(
            not short,
            "form_incomplete",
            f"expected at least {least} characters in each text, got fewer in {', '.join(short)}",
        ),
        require(bool(form.place.strip()), "form_incomplete", "expected a coarse place, got none"),
        require(form.declaration, "form_undeclared", "expected the requester's declaration, got none"),
    )


def alternatives_stated(form: RequestForm) -> Verdict:
    """Refuse a form that names no less intrusive means that was tried or ruled out (AUT-02)."""
    stated = NOTHING.fullmatch(form.alternatives_tried) is None
    return require(stated, "no_alternatives", "expected the less intrusive means tried or ruled out, got none")


def justified(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse a reason that says no more than that an image exists or is public (AUT-02; EDPB 05/2022)."""
    reasons = (form.why_this_face, form.expected_benefit, form.aim)
    bare = any(
        BARE_REASONS.search(text) and len(FILLERS.sub("", BARE_REASONS.sub("", text))) < pack.minimum_chars.request
        for text in reasons
    )
    return require(
        not bare, "bare_justification", "expected why it is strictly necessary, got that an image exists or is public"
    )


def coded(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse an offence, purpose or Schedule 8 condition that the pack does not list (AUT-01, AUT-03, AUT-15)."""
    offences = {offence.code for offence in pack.offences}
    purposes = {purpose.code for purpose in pack.purposes}
    conditions = {condition.code for condition in pack.schedule_8_conditions}
    return first_refusal(
        require(
            form.offence_code in offences or (form.offence_code == NO_OFFENCE and safeguards(form)),
            "offence_not_in_pack",
            f"expected an offence of the pack, got {form.offence_code!r}",
        ),
        require(
            form.purpose in purposes, "purpose_not_in_pack", f"expected a purpose of the pack, got {form.purpose!r}"
        ),
        require(
            form.schedule_8_condition in conditions,
            "condition_not_in_pack",
            f"expected a Schedule 8 condition of the pack, got {form.schedule_8_condition!r}",
        ),
    )


def safeguards(form: RequestForm) -> bool:
    """Say whether the form asks for a person who is to be protected or named, and not for an offender."""
    return form.subject_category in SAFEGUARDED


def _severity(form: RequestForm, pack: PolicyPack) -> Severity | None:
    return next((row.severity for row in pack.offences if row.code == form.offence_code), None)


def serious_enough(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse an offence of low severity, though a pack should list it (AUT-15)."""
    severity = _severity(form, pack)
    return require(
        severity in SERIOUS_ENOUGH or (severity is None and safeguards(form)),
        "offence_not_serious",
        f"expected an offence of at least medium severity, got {severity or 'none'}",
    )


def category_allowed(form: RequestForm, collection_class: CollectionClass, pack: PolicyPack) -> Verdict:
    """Refuse a category of person in a class of collection where the pack's matrix does not have it (AUT-06, P-10).

    The matrix is signed with the pack; what it says beyond the program's own is not listened to, and a pack without one
    allows nothing.
    """
    signed = frozenset(pack.sought_in.get(form.subject_category, ()))
    return require(
        collection_class in SOUGHT_IN[form.subject_category] & signed,
        "category_not_in_collection",
        f"expected a collection in which a {form.subject_category} may be sought, got one of class {collection_class}",
    )


def use_locked(form: RequestForm) -> Verdict:
    """Refuse to use a search for a protected person against anybody, or the other way round (AUT-21, P-10, EU-08)."""
    safeguarding = form.use_class is UseClass.SAFEGUARDING
    return require(
        safeguarding is safeguards(form),
        "use_class_mismatch",
        f"expected use for safeguarding exactly where a victim, missing or deceased person is sought,"
        f" got {form.use_class} for a {form.subject_category}",
    )


def ground_stated(form: RequestForm) -> Verdict:
    """Refuse a safeguarding form without the ground of its person, or with an offence; no other form has a ground.

    An offence on such a form would be a reason to look for the person as an offender (practice P-10).
    """
    ground = GROUND_OF.get(form.subject_category, SafeguardingGround.NONE)
    return first_refusal(
        require(
            form.safeguarding_ground is ground,
            "safeguarding_ground",
            f"expected the ground {ground} for a {form.subject_category}, got {form.safeguarding_ground}",
        ),
        require(
            not safeguards(form) or form.offence_code == NO_OFFENCE,
            "safeguarding_offence",
            f"expected no offence for a {form.subject_category}, got {form.offence_code}",
        ),
    )


def performance_unknown(form: RequestForm) -> bool:
    """Say whether nobody measured how often the engine is wrong about such a person: a child (P-10, EQV-11)."""
    return form.age_band is AgeBand.UNDER_18


def collection_open(collection_class: CollectionClass) -> Verdict:
    """Refuse collections of other public bodies: passports, licences, immigration (AUT-18). No pack opens them."""
    return require(
        collection_class is not CollectionClass.NON_CUSTODY,
        "non_custody_closed",
        "expected a police collection, got one of another public body, which is closed",
    )


def child_protected(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse a child as an offender, and any child without a best-interests note (AUT-13, P-10).

    No cohort of children has been validated, so that error rates for them are unknown.
    """
    child = performance_unknown(form)
    return first_refusal(
        require(
            not child or safeguards(form),
            "child_cohort_not_validated",
            "expected an adult, or a child to be protected, got a child sought as an offender",
        ),
        require(
            not child or len(form.best_interests.strip()) >= pack.minimum_chars.request,
            "best_interests_missing",
            f"expected a note of at least {pack.minimum_chars.request} characters on the child's best interests,"
            " got fewer",
        ),
    )


def setting_justified(form: RequestForm, pack: PolicyPack) -> Verdict:
    """Refuse imagery of protest, worship, health, press, lawyers without a serious offence by this person (AUT-14)."""
    ordinary = form.setting is Setting.ORDINARY
    return first_refusal(
        require(
            ordinary or _severity(form, pack) is Severity.SERIOUS,
            "setting_protected",
            f"expected a serious offence for imagery of {form.setting}, got {form.offence_code}",
        ),
        require(
            ordinary or len(form.specific_offence.strip()) >= pack.minimum_chars.request,
            "specific_offence_missing",
            f"expected what this very person did in the imagery of {form.setting}, got too little",
        ),
    )


def privacy_respected(form: RequestForm) -> Verdict:
    """Refuse intimate imagery, whoever is on it (practice, "Evidence and files")."""
    return require(
        form.privacy is not Privacy.INTIMATE, "intimate_imagery", "expected imagery that is not intimate, got intimate"
    )


def form_acceptable(form: RequestForm, pack: PolicyPack, collection_class: CollectionClass) -> Verdict:
    """Give the first of all refusals of a form, or ALLOWED."""
    return first_refusal(
        coded(form, pack),
        serious_enough(form, pack),
        collection_open(collection_class),
        category_allowed(form, collection_class, pack),
        use_locked(form),
        ground_stated(form),
        child_protected(form, pack),
        setting_justified(form, pack),
        privacy_respected(form),
        alternatives_stated(form),
        justified(form, pack),
        form_complete(form, pack),
    )


def tier_of(form: RequestForm, *, collection_class: CollectionClass) -> Tier:
    """Compute the tier; nobody chooses it and nobody can lower it (AUT-05, AUT-13, AUT-14, AUT-18)."""
    return Tier.T2 if any(flag(form, collection_class) for flag in RAISES_TIER.values()) else Tier.T1


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def copied_from(text: str, source: str) -> bool:
    """Say whether a text repeats another one nearly word for word."""
    matcher = SequenceMatcher(None, _words(text), _words(source), autojunk=False)
    # The two quick ratios are upper bounds of the true one, which takes the longest to compute.
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(bound() >= COPY_RATIO for bound in bounds)
