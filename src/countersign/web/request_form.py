"""The form of a request (requirements §8.2) as pages of few questions each, and the record that it becomes."""

from collections.abc import Mapping

from countersign.governance.form_rules import NO_OFFENCE, SAFEGUARDED
from countersign.governance.request import RequestForm, SafeguardingGround
from countersign.operations.read_choices import Choices
from countersign.primitives.codec import from_plain
from countersign.web.questions import Question, Step, of
from countersign.web.wording import (
    AGE_BAND,
    FURTHER_GROUND,
    PRIVACY,
    SAFEGUARDING_GROUND,
    SETTING,
    SUBJECT,
    URGENCY,
    USE_CLASS,
)


def is_safeguarding(answers: Mapping[str, str]) -> bool:
    """Say whether the person is one to be protected or named."""
    return answers.get("subject_category") in set(SAFEGUARDED)


def _offences(choices: Choices) -> list[tuple[str, str, str]]:
    rows = [(one.code, one.title, f"{one.severity} offence") for one in choices.offences]
    return [*rows, (NO_OFFENCE, "No offence", "Safeguarding only: a missing person, a victim or somebody who died")]


STEPS = (
    Step(
        slug="offence",
        title="What is being investigated?",
        questions=(
            Question(name="offence_code", kind="choice", brief="Offence", label="Which offence?", options=_offences),
            Question(
                name="purpose",
                kind="choice",
                brief="Purpose",
                label="What is the purpose?",
                options=lambda choices: [(one.code, one.title, "") for one in choices.purposes],
            ),
            Question(
                name="schedule_8_condition",
                kind="choice",
                brief="Schedule 8 condition",
                label="Which condition of Schedule 8 applies?",
                hint="Data Protection Act 2018: sensitive processing needs one.",
                options=lambda choices: [(one.code, one.title, "") for one in choices.schedule_8_conditions],
            ),
        ),
    ),
    Step(
        slug="person",
        title="Who is the person sought?",
        questions=(
            Question(
                name="subject_category",
                kind="choice",
                brief="Person",
                label="The person is",
                options=of(SUBJECT),
                shared=False,
            ),
            Question(
                name="age_band",
                kind="choice",
                brief="Age",
                label="How old do they look?",
                options=of(AGE_BAND),
                shared=False,
            ),
            Question(
                name="use_class", kind="choice", brief="Use", label="What is the search for?", options=of(USE_CLASS)
            ),
            Question(
                name="safeguarding_ground",
                kind="choice",
                brief="Ground of safeguarding",
                label="On which ground is the person to be protected or named? (safeguarding only)",
                options=of(SAFEGUARDING_GROUND),
                optional=True,
            ),
            Question(
                name="best_interests",
                kind="text",
                brief="The child's interests",
                label="Why does it serve the child? (only for somebody under 18)",
                optional=True,
                least=True,
                shared=False,
            ),
            Question(
                name="named_person",
                kind="line",
                brief="Person named",
                label="Do you already think that you know who it is? (optional)",
                hint="Name the person. That makes it a search for somebody named, which an external authority decides.",
                optional=True,
                shared=False,
            ),
        ),
    ),
    Step(
        slug="why",
        title="Why this search?",
        intro="Write for somebody who does not know the case. That an image exists, or is public, is no reason.",
        questions=(
            Question(
                name="aim",
                kind="text",
                brief="Aim",
                label="What is it to achieve?",
                hint="One or two sentences.",
                least=True,
            ),
            Question(
                name="why_this_face",
                kind="text",
                brief="Why this face",
                label="Why this face, and no other in the picture?",
                least=True,
                shared=False,
            ),
            Question(
                name="objective_facts",
                kind="text",
                brief="Facts",
                label="Which facts link this person to the offence?",
                hint="What can be checked: a statement, a till record, an item, a time. Not needed for safeguarding.",
                least=True,
                waived=is_safeguarding,
                shared=False,
            ),
        ),
    ),
    Step(
        slug="alternatives",
        title="What else was tried?",
        questions=(
            Question(
                name="alternatives_tried",
                kind="text",
                brief="Tried before",
                label="Which less intrusive means were tried or ruled out, and why?",
                hint="An appeal to local officers, enquiries nearby, forensic evidence, phone records.",
                least=True,
            ),
            Question(
                name="expected_benefit",
                kind="text",
                brief="What a lead makes possible",
                label="What would a lead make possible?",
                hint="Not needed for safeguarding.",
                least=True,
                waived=is_safeguarding,
            ),
        ),
    ),
    Step(
        slug="place",
        title="Where was it taken, and who else is in it?",
        questions=(
            Question(
                name="place",
                kind="line",
                brief="Area",
                label="Which area?",
                hint="Coarse: a street or a district, no address.",
            ),
            Question(
                name="setting", kind="choice", brief="Setting", label="Was it at one of these?", options=of(SETTING)
            ),
            Question(
                name="privacy",
                kind="choice",
                brief="Privacy there",
                label="How much privacy could people expect there?",
                options=of(PRIVACY, "intimate"),
            ),
            Question(
                name="collateral_intrusion",
                kind="text",
                brief="Others affected",
                label="Who else is affected, and how is that kept small?",
                hint="Other faces are not searched and are masked in every view.",
                least=True,
            ),
        ),
    ),
    Step(
        slug="urgency",
        title="Can it wait?",
        questions=(
            Question(
                name="urgency", kind="choice", brief="Urgency", label="Can it wait?", options=of(URGENCY), shared=False
            ),
        ),
    ),
    Step(
        slug="collection",
        title="Where should be searched?",
        questions=(
            Question(
                name="collection",
                kind="choice",
                brief="Collection",
                label="Which collection?",
                options=lambda choices: [
                    (one.id, one.name, f"{one.collection_class} collection".replace("_", " "))
                    for one in choices.collections
                ],
            ),
            Question(
                name="further_ground",
                kind="choice",
                brief="Searched before",
                label="Was this person searched for before in this case?",
                options=of(FURTHER_GROUND),
                shared=False,
            ),
        ),
    ),
)
FACE_STEP = Step(
    slug="face",
    title="Why this further person?",
    intro="What you wrote about the case is used again. Only this is asked of each face.",
    questions=tuple(
        question for step in STEPS for question in step.questions if not question.shared and not question.optional
    ),
)
"""One screen for a further face of the same case (practice, "Effort")."""
BY_SLUG = {step.slug: step for step in (*STEPS, FACE_STEP)}


def becomes(answers: Mapping[str, str], *, declared: bool) -> RequestForm:
    """Make the form's record of the answers; what is not an answer of the form is left out.

    Raises:
        MalformedRecordError: An answer is none of its closed list.
    """
    names = {question.name for step in STEPS for question in step.questions} - {"collection"}
    plain: dict[str, object] = {name: answers.get(name, "") for name in names}
    ground = answers.get("safeguarding_ground") or SafeguardingGround.NONE.value
    return from_plain(RequestForm, {**plain, "safeguarding_ground": ground, "declaration": declared}, "form")
