"""When opinions are complete: one for each candidate, each with what its conclusion asks for (REV-06, P-20)."""

from collections import Counter
from collections.abc import Collection, Sequence

from countersign.errors import Invalid
from countersign.review.agreement import labels
from countersign.review.conclusion import check_words, supports
from countersign.review.facial_review import Conclusion, Opinion

MOST_MARKS = 100
SEEN = frozenset({"similar", "dissimilar", "not_visible"})


class OpinionIncompleteError(Invalid):
    """An opinion is missing, doubled, or lacks what its conclusion asks for."""

    code = "opinion_incomplete"


def _check_features(opinion: Opinion, checklist: Collection[str]) -> None:
    named = [name for name, _ in opinion.features]
    wrong = sorted({name for name, seen in opinion.features if name not in checklist or seen not in SEEN})
    if wrong or len(set(named)) < len(named):
        got = wrong or "one feature twice"
        raise OpinionIncompleteError(f"{opinion.label}: expected checklist features, each {sorted(SEEN)}, got {got}")
    missing = sorted(set(checklist) - set(named))
    if supports(opinion.conclusion) and missing:
        raise OpinionIncompleteError(f"{opinion.label}: expected the full checklist for support, got none of {missing}")


def _check_marks(opinion: Opinion, checklist: Collection[str]) -> None:
    if len(opinion.marks) > MOST_MARKS:
        raise OpinionIncompleteError(f"{opinion.label}: expected at most {MOST_MARKS} marks, got {len(opinion.marks)}")
    for mark in opinion.marks:
        if (
            mark.feature not in checklist
            or mark.seen not in SEEN
            or mark.picture < 1
            or min(*mark.at_px, *(mark.to_px or mark.at_px)) < 0
        ):
            raise OpinionIncompleteError(
                f"{opinion.label}: expected marks of checklist features inside a picture that was shown, got {mark}"
            )


def _check_texts(opinion: Opinion, minimum_chars: int) -> None:
    for where, text in (("dissimilarities", opinion.dissimilarities), ("notes", opinion.notes)):
        check_words(text, where=f"{opinion.label}: {where}")
    excluded = opinion.conclusion is Conclusion.NO_SUPPORT
    where, text = ("dissimilarities", opinion.dissimilarities) if excluded else ("notes", opinion.notes)
    if len(text.strip()) < minimum_chars:
        expected = f"at least {minimum_chars} characters for {opinion.conclusion}"
        raise OpinionIncompleteError(f"{opinion.label}: {where}: expected {expected}, got {len(text.strip())}")


def check_opinions(
    opinions: Sequence[Opinion], *, candidates: int, checklist: Collection[str], minimum_chars: int
) -> None:
    """Accept a review's opinions.

    Each candidate has exactly one. An exclusion states a clear dissimilarity; anything else has notes; support has the
    full checklist as well. Marks show features of the checklist.

    Raises:
        OpinionIncompleteError: Something of this is missing; the message names the label.
        BannedWordsError: A text claims more than a review can.
    """
    counted, due = Counter(opinion.label for opinion in opinions), Counter(labels(candidates))
    if counted != due:
        raise OpinionIncompleteError(f"expected one opinion on each of {sorted(due)}, got {sorted(counted.elements())}")
    for opinion in opinions:
        _check_features(opinion, checklist)
        _check_marks(opinion, checklist)
        _check_texts(opinion, minimum_chars)
