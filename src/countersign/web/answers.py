"""Half-filled forms: what a person has answered so far, by person, in this process's memory and nowhere else.

They outlive a session that ended while somebody was writing, and die with the process. What was submitted is sealed by
its operation; what was not is nobody's business and leaves no trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from countersign.primitives.ids import PersonId

KEPT = timedelta(hours=10)
"""As long as a session at most."""


@dataclass(slots=True)
class Answers:
    """One person's answers in one form, by the name of the question."""

    given: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


class AnswerBook:
    """Everybody's answers; each person's are their own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: dict[tuple[PersonId, str], Answers] = {}

    def read(self, person: PersonId, form: str, now: datetime) -> dict[str, str]:
        """Give a copy of what was answered; nothing that is older than `KEPT`."""
        with self._lock:
            self._forget(now)
            found = self._of.get((person, form))
            return dict(found.given) if found else {}

    def write(self, person: PersonId, form: str, answers: Mapping[str, str], now: datetime) -> None:
        """Keep answers beside those that are there."""
        with self._lock:
            self._forget(now)
            kept = self._of.setdefault((person, form), Answers())
            kept.given.update(answers)
            kept.at = now

    def drop(self, person: PersonId, form: str) -> None:
        """Forget a form."""
        with self._lock:
            self._of.pop((person, form), None)

    def drop_all(self, person: PersonId) -> None:
        """Forget everything that a person answered: they signed out."""
        with self._lock:
            for place in [place for place in self._of if place[0] == person]:
                del self._of[place]

    def _forget(self, now: datetime) -> None:
        old = [place for place, answers in self._of.items() if answers.at and now - answers.at > KEPT]
        for place in old:
            del self._of[place]
