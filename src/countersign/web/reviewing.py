"""A facial review on pages: the probe first, then candidate after candidate, then all opinions locked at once.

Nothing on these pages says a score, a rank, a name, an offence or what anybody else thought; the operations that they
call have no such thing to give. What is written before it is locked lies in memory (`answers`) and nowhere else.
"""

import json
from collections.abc import Mapping
from datetime import date

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.operations.open_review import OpenedReview, OpenReview, open_review
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import RequestId
from countersign.review.conclusion import supports
from countersign.review.facial_review import Conclusion, Mark, Opinion
from countersign.web.faces import size_px
from countersign.web.rendering import day
from countersign.web.table import Picture, Table
from countersign.web.visit import Visit
from countersign.web.wording import SOURCE_TYPE, label
from countersign.web.workstation import REVIEWS, waiting


def table_of(visit: Visit, request_id: str) -> Table:
    """Give the examiner's table for a review that waits for them or that they have begun.

    Raises:
        NotWaitingError: No review of this request waits for the person.
    """
    tables, session = visit.office.tables, visit.person.public_key
    laid = tables.find(session, request_id, visit.now)
    if laid is None:
        waiting(visit, request_id, REVIEWS)
        laid = lay(visit, visit.do(Permission.REVIEW_OPEN, open_review, OpenReview(request=RequestId(request_id))))
        tables.lay(session, request_id, laid, visit.now)
    return laid


def lay(visit: Visit, opened: OpenedReview) -> Table:
    """Put the pictures of an opened review on the shelf and say where they are."""
    struck = {still.number for still in opened.review.analysis.struck} if opened.review.analysis else set()
    stills = tuple(
        Picture(
            number=number,
            url=visit.shelve(still.data),
            caption=f"Still {number}, taken {' to '.join(dict.fromkeys(day(one) for one in still.taken))}",
            note="; ".join(
                part
                for part in (
                    label(SOURCE_TYPE, still.source_type),
                    f"quality {round(100 * still.unified)} of 100",
                    still.same_person_basis,
                    *(f"edited: {step}" for step in still.edits),
                )
                if part
            ),
            size=size_px(still.data),
            eyes=" ".join(f"{place:.1f}" for place in still.eyes_px),
            original=visit.shelve(still.original) if still.original else "",
        )
        for number, still in enumerate(opened.plain, start=1)
        if number not in struck
    )
    latest = max(still.taken[1] for still in opened.plain)
    return Table(
        opened=opened,
        stills=stills,
        candidates={
            candidate.label: tuple(
                Picture(
                    number=number,
                    url=visit.shelve(image.data),
                    caption=f"Reference image {number}, {taken_when(image.image_date, latest)}",
                    note=f"quality {round(100 * image.unified)} of 100",
                    size=size_px(image.data),
                    eyes=" ".join(f"{place:.1f}" for place in image.eyes_px),
                    original="",
                )
                for number, image in enumerate(candidate.images, start=1)
            )
            for candidate in opened.candidates
        },
    )


def taken_when(image_date: str, still_day: date) -> str:
    """Say a reference image's date and its distance from the still, in whole years or days.

    Example:
        >>> taken_when("2020-03-01", date(2026, 3, 1)), taken_when("unknown", date(2026, 3, 1))
        ('taken 1 March 2020, 5 years before the still', 'date not known')
    """
    try:
        taken = date.fromisoformat(image_date)
    except ValueError:
        return "date not known"
    days = (still_day - taken).days
    side = "before" if days >= 0 else "after"
    years = int(abs(days) / 365.2425)
    apart = f"{years} year{'s' * (years != 1)}" if years else f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"taken {day(taken)}, {apart} {side} the still"


def written(answers: Mapping[str, str], letter: str) -> dict[str, str]:
    """Give what is written on one candidate so far, by the field's name."""
    start = f"{letter}."
    return {name.removeprefix(start): text for name, text in answers.items() if name.startswith(start)}


def marks_of(text: str) -> tuple[Mark, ...]:
    """Read the marks that the page's script wrote.

    Raises:
        Invalid: They are no list of marks.
    """
    try:
        plain = json.loads(text or "[]")
    except ValueError as reason:
        raise Invalid("expected marks as a list, got something else", code="marks") from reason
    read: tuple[Mark, ...] = from_plain(tuple[Mark, ...], plain, "marks")
    return read


def opinion_of(letter: str, said: Mapping[str, str], checklist: tuple[str, ...]) -> Opinion:
    """Make an opinion of what was written on a candidate; the operation checks it.

    Raises:
        Invalid: No conclusion was chosen, or the marks cannot be read.
    """
    return Opinion(
        label=letter,
        conclusion=from_plain(Conclusion, said.get("conclusion", ""), "conclusion"),
        dissimilarities=said.get("dissimilarities", ""),
        features=tuple((feature, said[f"seen.{feature}"]) for feature in checklist if said.get(f"seen.{feature}")),
        notes=said.get("notes", ""),
        marks=marks_of(said.get("marks", "")),
    )


def wrong_opinion(said: Mapping[str, str], checklist: tuple[str, ...], least: int) -> list[tuple[str, str]]:
    """Say what is missing of an opinion, field by field, as `review.opinion` will ask."""
    if said.get("conclusion") not in {one.value for one in Conclusion}:
        return [("conclusion", "Select a conclusion")]
    conclusion = Conclusion(said["conclusion"])
    excluded = conclusion is Conclusion.NO_SUPPORT
    field = "dissimilarities" if excluded else "notes"
    words = "State at least one clear dissimilarity" if excluded else "Say what your conclusion rests on"
    errors = [(field, f"{words}, in at least {least} characters")] if len(said.get(field, "")) < least else []
    missing = [one for one in checklist if not said.get(f"seen.{one}")] if supports(conclusion) else []
    if missing:
        errors.append((f"seen.{missing[0]}", f"Say for each feature how it compares: {len(missing)} are left"))
    return errors
