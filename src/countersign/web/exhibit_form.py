"""What is asked of a file before it is sealed."""

from countersign.web.questions import Question, Step, of
from countersign.web.wording import BASIS, DEPICTION, PRIVACY, SOURCE_TYPE

DETAILS = Step(
    slug="exhibit",
    title="Add an exhibit",
    questions=(
        Question(name="number", kind="line", label="Exhibit number", hint="As in your property system, such as ABC/1."),
        Question(name="source_type", kind="choice", label="What took the picture?", options=of(SOURCE_TYPE)),
        Question(name="depiction", kind="choice", label="What is it?", options=of(DEPICTION)),
        Question(
            name="exhibit_privacy",
            kind="choice",
            label="Where was it taken?",
            hint="How much privacy people could expect there.",
            options=of(PRIVACY),
        ),
        Question(
            name="basis",
            kind="choice",
            label="What does the time of capture rest on?",
            options=of(BASIS),
        ),
        Question(
            name="lawful_origin",
            kind="line",
            label="How was it lawfully obtained?",
            hint="Such as: handed over by the shop, with a statement.",
        ),
        Question(name="supplied_by", kind="line", label="Who supplied it?"),
    ),
)
