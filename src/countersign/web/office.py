"""What every page of the web shares: the desk, the site's address, the scripted people of a demonstration, memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from countersign.governance.passkey import Site
from countersign.governance.signature import PrivateKey
from countersign.operations.desk import Desk
from countersign.primitives.ids import PersonId
from countersign.web.answers import AnswerBook
from countersign.web.provider import Fetch, Provider, fetch
from countersign.web.scans import ScanRoom
from countersign.web.shelf import PictureShelf
from countersign.web.table import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedPerson:
    """A person of a demonstration whose key lies on this machine, so that one click signs them in."""

    name: str
    part: str
    key: PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The wired parts of the web.

    Attributes:
        site: Its address as browsers see it; passkeys, cookies and the check of a form's origin depend on it.
        people: Scripted people by id; empty but in a demonstration.
        answers: Half-filled forms, in memory only.
    """

    desk: Desk
    site: Site
    people: Mapping[PersonId, ScriptedPerson] = field(default_factory=dict)
    answers: AnswerBook = field(default_factory=AnswerBook)
    provider: Provider | None = None
    fetch: Fetch = fetch
    shelf: PictureShelf = field(default_factory=PictureShelf)
    tables: Tables = field(default_factory=Tables)
    scans: ScanRoom = field(default_factory=ScanRoom)
