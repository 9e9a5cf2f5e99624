"""What a demonstration did, as one record for `--json` and for the table at its end."""

from dataclasses import dataclass, field

from countersign.governance.request import RequestState
from countersign.primitives.ids import CollectionId, LeadId, RequestId, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRefusal:
    """A refusal that the story showed."""

    asked: str
    code: str
    spoke: str
    entry: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """A file that could not be used, and why; it stopped nothing."""

    file: str
    reason: str


@dataclass(slots=True, kw_only=True)
class CaseRecord:
    """One unknown person's case: how far it came and what it left."""

    name: str
    stills: int = 0
    request: RequestId | None = None
    run: RunId | None = None
    state: RequestState | None = None
    n_subjects: int = 0
    candidates: int = 0
    search_s: float = 0.0
    lead: LeadId | None = None
    lead_name: str = ""
    annotated: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Chronicle:
    """All of it."""

    out: str
    origin: str = ""
    erase_after: str = ""
    collection: CollectionId | None = None
    enrolled: dict[str, int] = field(default_factory=dict)
    synthetic: int = 0
    not_taken: list[NotTaken] = field(default_factory=list)
    cases: list[CaseRecord] = field(default_factory=list)
    refusals: list[ShownRefusal] = field(default_factory=list)
    erased: str = ""
    entries: int = 0
    verified: bool = False
    changed_found: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    took_s: float = 0.0
