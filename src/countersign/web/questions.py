"""Questions of a form as data: what is asked, in which words, with which answers; pages and checks follow from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from countersign.operations.read_choices import Choices
from countersign.web.wording import Words

Kind = Literal["line", "text", "choice"]
Options = Callable[[Choices], Sequence[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        name: Of the answer; the field of the form that it fills in.
        options: For a choice: (value, text, hint) each.
        least: Whether the pack's least length of a request's texts applies.
        waived: Whether other answers make this one needless; it may still be given.
        shared: Whether the answer is the case's and not one face's: it is asked once in a case.
        brief: The label beside the answer once it was given; the question itself where that is short.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    options: Options | None = None
    optional: bool = False
    least: bool = False
    waived: Callable[[Mapping[str, str]], bool] = lambda _: False
    shared: bool = True
    brief: str = ""

    @property
    def caption(self) -> str:
        """What a summary calls the answer."""
        return self.brief or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page: a title and the questions that belong together."""

    slug: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""


def of(words: Words, *leave_out: str) -> Options:
    """Give the options of a closed list in our words."""
    rows = [(value, text, hint) for value, (text, hint) in words.items() if value not in leave_out]
    return lambda _: rows


def wrong(step: Step, answers: Mapping[str, str], choices: Choices) -> list[tuple[str, str]]:
    """Give what is wrong with a page, (field, message) each, in the words of the design system.

    ``answers`` are those of all pages so far. The rules themselves are the operations'; these messages only come
    earlier and stand beside the question.
    """
    return [(question.name, message) for question in step.questions if (message := _wrong(question, answers, choices))]


def _wrong(question: Question, answers: Mapping[str, str], choices: Choices) -> str:
    given = answers.get(question.name, "").strip()
    if not given:
        verb = "Select" if question.kind == "choice" else "Enter"
        needless = question.optional or question.waived(answers)
        return "" if needless else f"{verb} an answer: {question.label.rstrip('?').lower()}"
    if question.options and given not in {value for value, _, _ in question.options(choices)}:
        return f"Select one of the answers: {question.label.rstrip('?').lower()}"
    least = choices.minimum_chars.request
    if question.least and len(given) < least:
        return f"{question.label.rstrip('?')}: write at least {least} characters"
    return ""


def said(question: Question, answers: Mapping[str, str], choices: Choices) -> str:
    """Give an answer as a summary shows it."""
    given = answers.get(question.name, "")
    if question.options:
        return next((text for value, text, _ in question.options(choices) if value == given), "")
    return given


def answered(step: Step, answers: Mapping[str, str]) -> dict[str, str]:
    """Take a page's answers out of what was sent."""
    return {question.name: answers.get(question.name, "") for question in step.questions}


def shared(steps: Iterable[Step]) -> frozenset[str]:
    """Give the names of the answers that hold for a whole case."""
    return frozenset(question.name for step in steps for question in step.questions if question.shared)
