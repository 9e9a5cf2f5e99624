"""The people of a scripted force: who they are and what they may do."""

from dataclasses import dataclass

from countersign.governance.actor import Rank, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person of the script."""

    name: str
    role: Role
    rank: Rank
    team: str


SIGNERS = (Role.CONTROLLER, Role.DPO, Role.OVERSIGHT)

CAST = {
    "requester": Part(name="R. Quist", role=Role.REQUESTER, rank=Rank.CONSTABLE, team="burglary"),
    "officer": Part(name="A. Orme", role=Role.AUTHORISING_OFFICER, rank=Rank.SUPERINTENDENT, team="authorisations"),
    "operator": Part(name="O. Penn", role=Role.OPERATOR, rank=Rank.STAFF, team="imaging"),
    "examiner": Part(name="E. Vane", role=Role.EXAMINER, rank=Rank.STAFF, team="imaging"),
    "third": Part(name="T. Hale", role=Role.EXAMINER, rank=Rank.STAFF, team="imaging-north"),
    "administrator": Part(name="S. Reed", role=Role.ADMINISTRATOR, rank=Rank.STAFF, team="systems"),
    "second administrator": Part(name="M. Ives", role=Role.ADMINISTRATOR, rank=Rank.STAFF, team="systems"),
    "rights": Part(name="H. Lund", role=Role.RIGHTS_HANDLER, rank=Rank.STAFF, team="information rights"),
    "supervisor": Part(name="P. Grove", role=Role.SUPERVISOR, rank=Rank.INSPECTOR, team="imaging"),
    "disclosure": Part(name="D. Cole", role=Role.DISCLOSURE_OFFICER, rank=Rank.STAFF, team="disclosure"),
    "owner": Part(name="I. Asher", role=Role.ASSET_OWNER, rank=Rank.STAFF, team="records"),
}
