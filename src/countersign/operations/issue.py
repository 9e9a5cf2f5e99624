"""Give a report out as a file: drawn for the archive, signed with the log's key, recorded as a disclosure to somebody.

The file is drawn while no transaction is open. Its digest is committed to in the entry, so that whoever holds the file
and an export of the log can show that it is the one that was given out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from countersign.errors import Invalid
from countersign.governance.request import SearchRequest
from countersign.ledger.document import statement_of
from countersign.ledger.event import EventKind
from countersign.operations.report_facts import MadeReport
from countersign.operations.turn import Turn, Turns
from countersign.primitives.digest import Sha256, sha256

MOST_RECIPIENT_CHARS = 200


class RecipientError(Invalid):
    """Nobody was named, or not in a line."""

    code = "recipient"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """A file that was given out.

    Attributes:
        name: What the file may be called, without ending; it names nobody.
        pdf: PDF/A-2a.
        signature: A signed note over it (`ledger.document`).
    """

    name: str
    pdf: bytes
    sha256: Sha256
    signature: str


def named(recipient: str) -> str:
    """Give the recipient's name as it is kept.

    Raises:
        RecipientError: There is none, or it is not one line of at most 200 characters.
    """
    kept = recipient.strip()
    if not kept or len(kept) > MOST_RECIPIENT_CHARS or not kept.isprintable():
        raise RecipientError(
            f"expected the recipient in one line of at most {MOST_RECIPIENT_CHARS} characters, got none"
        )
    return kept


def issue(
    turns: Turns,
    gather: Callable[[Turn], tuple[SearchRequest, MadeReport]],
    *,
    report: str,
    recipient: str,
    committed: Mapping[str, object] | None = None,
) -> IssuedDocument:
    """Draw, sign and record a report.

    Args:
        turns: The command's.
        gather: Checks that the actor may have the report, and gives its request and facts; asked again before it is
            recorded, since what allowed it may have ended while it was drawn.
        report: Code of the report.
        recipient: Who gets it.
        committed: More values to commit to.
    """
    to = named(recipient)
    with turns.look() as turn:
        _, made = gather(turn)
    pdf = turns.desk.press(made.report, made.pictures)
    digest = sha256(pdf)
    with turns.turn() as turn:
        request, _ = gather(turn)
        facts = {"report": report, "justification": request.form.purpose}
        values = {"recipient": to, "document": digest, **(committed or {})}
        turn.record(EventKind.REPORT_DISCLOSED, facts, committed=values, case=request.case, key=request.key)
        origin = turn.programme.origin
    signature = turns.desk.notary(statement_of(pdf, origin))
    return IssuedDocument(name=f"{report}-{request.id[:8]}", pdf=pdf, sha256=digest, signature=signature)
