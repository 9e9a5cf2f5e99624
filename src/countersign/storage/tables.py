"""The tables. Which fields are sealed is decided here and nowhere else.

`REVISION` is the schema that this code reads; ``migrations/versions`` holds the steps to it, and a test compares both.
"""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text

from countersign.governance.account import Account, Mandate
from countersign.governance.actor import Person
from countersign.governance.anomalies import Block, SearchTrace
from countersign.governance.closing import PostReview
from countersign.governance.deletion import DeletionRequest
from countersign.governance.known_trial import KnownTrial, SeededSearch
from countersign.governance.monitoring import MonitoringLabel
from countersign.governance.overlay import Overlay
from countersign.governance.passkey import Passkey
from countersign.governance.programme import Artefact, Programme
from countersign.governance.publication import Publication
from countersign.governance.register import Collection, CustodyRecord, Subject
from countersign.governance.request import Authorisation, Case, SearchRequest
from countersign.media.edits import EditedPicture
from countersign.media.exhibit import Exhibit, LocatedFace
from countersign.media.scan import Scan, Track, TrackPicture
from countersign.outcome.lead import Lead
from countersign.review.facial_review import FacialReview
from countersign.search.probe import Probe, SealedList, SearchRun
from countersign.storage.row_map import RowMap
from countersign.templates.reference import ReferenceImage, ReferenceTemplate

REVISION = "0001"

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

LEDGER_ENTRY = Table(
    "ledger_entry",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
)
LEDGER_NODE = Table(
    "ledger_node",
    METADATA,
    Column("level", Integer, nullable=False),
    Column("index", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "index"),
)
LEDGER_CHECKPOINT = Table(
    "ledger_checkpoint",
    METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)
OPENING = Table(
    "opening",
    METADATA,
    Column("entry_seq", ForeignKey("ledger_entry.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("key", Text, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("entry_seq", "key"),
)
RECORD_KEY = Table(
    "record_key",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("epoch", Integer, nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
)
NONCE = Table("nonce", METADATA, Column("nonce", Text, primary_key=True))
GALLERY_CHANGE = Table(
    "gallery_change",
    METADATA,
    Column("collection", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("template", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("root", Text, nullable=False),
    PrimaryKeyConstraint("collection", "number"),
)

# Foreign keys only where they carry a promise. Keys are not among them: a key is destroyed, its rows' bones may stay.
PROGRAMME = RowMap("programme", Programme)
ARTEFACT = RowMap("artefact", Artefact)
PERSON = RowMap("person", Person, sealed=("name",))
ACCOUNT = RowMap("account", Account, sealed=("password",), indexed=("person", "name_digest"))
PASSKEY = RowMap("passkey", Passkey, indexed=("person", "credential"))
MANDATE = RowMap("mandate", Mandate, indexed=("public_key",))
COLLECTION = RowMap("collection", Collection)
SUBJECT = RowMap("subject", Subject, sealed=("external_id",), indexed=("external_digest",))
CUSTODY_RECORD = RowMap(
    "custody_record",
    CustodyRecord,
    sealed=("external_id", "date_of_birth"),
    indexed=("subject", "external_digest"),
)
REFERENCE_IMAGE = RowMap(
    "reference_image",
    ReferenceImage,
    sealed=("file_name", "measures", "landmarks_px"),
    indexed=("record", "content_digest"),
)
KNOWN_TRIAL = RowMap("known_trial", KnownTrial, indexed=("examiner",))
DELETION_REQUEST = RowMap("deletion_request", DeletionRequest, sealed=("reason",), indexed=("subject", "state"))
REFERENCE_TEMPLATE = RowMap(
    "reference_template", ReferenceTemplate, sealed=("codes",), raw=True, indexed=("record", "image", "collection")
)
CASE = RowMap("case", Case, sealed=("reference",), indexed=("reference_digest",))
# The digest of the file is sealed too: whoever has a file could otherwise ask the database whether it is evidence.
EXHIBIT = RowMap(
    "exhibit",
    Exhibit,
    sealed=(
        *("number", "sha256", "lawful_origin", "supplied_by", "device", "statement", "camera_time"),
        *("contradictions", "derived_from", "picked_from"),
    ),
    indexed=("case", "file_digest"),
)
EDITED_PICTURE = RowMap(
    "edited_picture", EditedPicture, sealed=("others", "steps", "sha256", "reason"), indexed=("exhibit", "case")
)
LOCATED_FACE = RowMap(
    "located_face",
    LocatedFace,
    sealed=("box_px", "landmarks_px", "measures", "unified", "corrected"),
    indexed=("exhibit", "case"),
)
SCAN = RowMap("scan", Scan, sealed=("damaged_ms", "view"), indexed=("exhibit", "case"))
TRACK = RowMap(
    "track",
    Track,
    sealed=("box_px", "drift_px_s", "stills"),
    indexed=("scan", "exhibit", "case", "is_open"),
)
TRACK_PICTURE = RowMap("track_picture", TrackPicture, sealed=("png",), raw=True, indexed=("scan",))
PROBE = RowMap("probe", Probe, sealed=("reason", "stills"), indexed=("case",))
SEARCH_REQUEST = RowMap("search_request", SearchRequest, sealed=("form", "compared_with"), indexed=("case", "probe"))
AUTHORISATION = RowMap("authorisation", Authorisation, sealed=("necessity", "proportionality"), indexed=("request",))
SEARCH_RUN = RowMap(
    "search_run",
    SearchRun,
    indexed=("request", "state"),
    references={"started_seq": "ledger_entry.seq", "authorisation": "authorisation.id"},
)
SEALED_LIST = RowMap(
    "sealed_list",
    SealedList,
    sealed=("candidates", "probe_codes"),
    references={"id": "search_run.id", "entry_seq": "ledger_entry.seq"},
)
FACIAL_REVIEW = RowMap(
    "facial_review", FacialReview, sealed=("analysis", "order", "opinions", "seed"), indexed=("run", "request")
)
LEAD = RowMap("lead", Lead, sealed=("subject", "reasons_against", "outcome", "disproved"), indexed=("request", "run"))

SEEDED_SEARCH = RowMap("seeded_search", SeededSearch, sealed=("mate",))
MONITORING_LABEL = RowMap(
    "monitoring_label", MonitoringLabel, sealed=("officer_defined", "self_defined", "sex", "age_band")
)
# Keyed ids and times only; nothing of it is anybody's, and it is forgotten by date.
SEARCH_TRACE = RowMap("search_trace", SearchTrace, indexed=("case",))
BLOCK = RowMap("block", Block)
OVERLAY = RowMap("overlay", Overlay, sealed=("reason",), indexed=("request",))
POST_REVIEW = RowMap("post_review", PostReview, sealed=("lesson",))
PUBLICATION = RowMap("publication", Publication)

ENTITIES = (
    PROGRAMME,
    ARTEFACT,
    PERSON,
    COLLECTION,
    SUBJECT,
    CUSTODY_RECORD,
    REFERENCE_IMAGE,
    REFERENCE_TEMPLATE,
    CASE,
    EXHIBIT,
    EDITED_PICTURE,
    LOCATED_FACE,
    SCAN,
    TRACK,
    TRACK_PICTURE,
    PROBE,
    SEARCH_REQUEST,
    AUTHORISATION,
    SEARCH_RUN,
    SEALED_LIST,
    FACIAL_REVIEW,
    LEAD,
    DELETION_REQUEST,
    KNOWN_TRIAL,
    SEEDED_SEARCH,
    MONITORING_LABEL,
    SEARCH_TRACE,
    BLOCK,
    OVERLAY,
    POST_REVIEW,
    PUBLICATION,
    ACCOUNT,
    PASSKEY,
    MANDATE,
)
TABLES = {rows.name: rows.table(METADATA) for rows in ENTITIES}
