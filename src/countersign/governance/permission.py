"""Everything a person can be permitted to do, in one grammar, ``<thing>.<verb>``, and what it is done to."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One permission an operation; ``init`` needs none, as nobody exists before it."""

    PROGRAMME_SUBMIT = "programme.submit"
    PROGRAMME_ADVANCE = "programme.advance"
    POLICY_ACKNOWLEDGE = "policy.acknowledge"
    PERSON_ADD = "person.add"
    PERSON_IMPORT = "person.import"
    PERSON_ASSESS = "person.assess"
    PERSON_BAR = "person.bar"
    PERSON_READMIT = "person.readmit"
    ACCOUNT_INVITE = "account.invite"
    ACCOUNT_OPEN = "account.open"
    ACCOUNT_LINK = "account.link"
    SESSION_OPEN = "session.open"
    SESSION_END = "session.end"
    COLLECTION_REGISTER = "collection.register"
    COLLECTION_ENROL = "collection.enrol"
    COLLECTION_FEED = "collection.feed"
    COLLECTION_AUDIT = "collection.audit"
    COLLECTION_COMPARE = "collection.compare"
    RECORD_ERASE = "record.erase"
    RECORD_KEEP = "record.keep"
    DELETION_REGISTER = "deletion.register"
    DELETION_DECIDE = "deletion.decide"
    CASE_READ = "case.read"
    CASE_ERASE = "case.erase"
    CASE_CLOSE = "case.close"
    EXHIBIT_ADD = "exhibit.add"
    EXHIBIT_LOCATE = "exhibit.locate"
    EXHIBIT_EDIT = "exhibit.edit"
    EXHIBIT_SCAN = "exhibit.scan"
    EXHIBIT_MARK = "exhibit.mark"
    REQUEST_DRAFT = "request.draft"
    REQUEST_SUBMIT = "request.submit"
    REQUEST_CLOSE = "request.close"
    REQUEST_EXTEND = "request.extend"
    REQUEST_REASSIGN = "request.reassign"
    QUEUE_LIST = "queue.list"
    REQUEST_CONSIDER = "request.consider"
    REQUEST_AUTHORISE = "request.authorise"
    REQUEST_REFUSE = "request.refuse"
    REQUEST_RETURN = "request.return"
    REQUEST_WITHDRAW = "request.withdraw"
    REQUEST_REFER = "request.refer"
    REQUEST_CONFIRM = "request.confirm"
    OVERLAY_LAY = "overlay.lay"
    OVERLAY_LIFT = "overlay.lift"
    CLOCK_RUN = "clock.run"
    ANOMALY_READ = "anomaly.read"
    ANOMALY_LIFT = "anomaly.lift"
    COMPARISON_DRAFT = "comparison.draft"
    COMPARISON_RUN = "comparison.run"
    SEARCH_RUN = "search.run"
    SEARCH_RECOVER = "search.recover"
    REVIEW_LIST = "review.list"
    REVIEW_SEED = "review.seed"
    REVIEW_OPEN = "review.open"
    REVIEW_ANALYSE = "review.analyse"
    REVIEW_OPINE = "review.opine"
    LEAD_RECONFIRM = "lead.reconfirm"
    LEAD_RELEASE = "lead.release"
    LEAD_OUTCOME = "lead.outcome"
    LEAD_DISPROVE = "lead.disprove"
    REPORT_LEAD = "report.lead"
    REPORT_SCHEDULE = "report.schedule"
    REPORT_DISCLOSURE = "report.disclosure"
    REPORT_SEARCH = "report.search"
    STATISTICS_PUBLISH = "statistics.publish"
    MONITORING_RECORD = "monitoring.record"
    LEDGER_EXPORT = "ledger.export"
    LEDGER_VERIFY = "ledger.verify"
    EVALUATION_MEASURE = "evaluation.measure"
    KEY_ROTATE = "key.rotate"


class ResourceKind(StrEnum):
    """Kinds of things that operations act on; the values are the type names of the Cedar schema."""

    PROGRAMME = "Programme"
    REGISTER = "Register"
    CASEWORK = "Casework"
    LEDGER = "Ledger"
    KEYS = "Keys"


_KIND_OF_THING: Mapping[str, ResourceKind] = MappingProxyType(
    {
        "programme": ResourceKind.PROGRAMME,
        "policy": ResourceKind.PROGRAMME,
        "person": ResourceKind.PROGRAMME,
        "account": ResourceKind.PROGRAMME,
        "session": ResourceKind.PROGRAMME,
        "evaluation": ResourceKind.PROGRAMME,
        "clock": ResourceKind.PROGRAMME,
        "anomaly": ResourceKind.PROGRAMME,
        "statistics": ResourceKind.PROGRAMME,
        "collection": ResourceKind.REGISTER,
        "record": ResourceKind.REGISTER,
        "deletion": ResourceKind.REGISTER,
        "ledger": ResourceKind.LEDGER,
        "key": ResourceKind.KEYS,
    }
)
KIND_OF: Mapping[Permission, ResourceKind] = MappingProxyType(
    {
        permission: _KIND_OF_THING.get(permission.split(".", maxsplit=1)[0], ResourceKind.CASEWORK)
        for permission in Permission
    }
)
STEP_UP = frozenset(
    {
        Permission.SESSION_OPEN,
        Permission.REQUEST_AUTHORISE,
        Permission.SEARCH_RUN,
        Permission.COMPARISON_RUN,
        Permission.REVIEW_OPINE,
        Permission.LEAD_RELEASE,
    }
)
"""What the key of a session alone never signs: a passkey's assertion over this very command must come with it."""
