"""Drafts of documents, filled with what the system knows, so that writing one is work of hours.

A draft is no document: what a person must answer stands as a question in square brackets, and `artefact` refuses it as
long as one is left.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from countersign.governance.papers import Configuration, schedule, spoken
from countersign.governance.programme import ArtefactType

_MEASURES = (
    "One authorisation buys one search for one person; four people take part. Examiners are blind to score, rank and "
    "each other. Nothing is listed below a certified threshold. Imagery has a minimum age; no stream and no batch. "
    "Every act is an entry of a log that outsiders verify."
)
_SECURITY = (
    "Each case and record is sealed under a key of its own, wrapped by an epoch key outside the data folder; erasure "
    "destroys the key. Files are decoded by a locked-in process. Nothing is sent anywhere. Export, restore and "
    "rotation take two."
)
_FLOW = (
    "A file is sealed as an exhibit; a person marks the one face sought; an officer authorises; the face is compared "
    "with the references of one collection; a short list is examined by two people; a lead may be released; the list "
    "is erased."
)


def _figures(made_of: Configuration) -> str:
    pack = made_of.pack
    held = sum(records for records, _ in made_of.held.values())
    return (
        f"{len(made_of.collections)} collections with {held} records; minimum age of imagery "
        f"{pack.minimum_imagery_age_h} h, urgent {pack.urgent_imagery_age_h} h; an authorisation lives "
        f"{pack.authorisation_days} days; at most {max(pack.list_lengths.values())} candidates are listed; offences: "
        f"{', '.join(one.title for one in pack.offences)}."
    )


def draft_dpia(made_of: Configuration) -> dict[str, object]:
    """Give a draft of the impact assessment with the parts of s.64(3)."""
    pack = made_of.pack
    return {
        "plain_summary": "[what would you tell a neighbour about this, in ten sentences?]",
        "description": (
            f"{_FLOW}\nSources: {', '.join(map(spoken, pack.source_types))}. Collections: "
            f"{', '.join(map(spoken, pack.collection_classes))}. Extractor: {made_of.extractor}.\n{_figures(made_of)}\n"
            f"Retention:\n{schedule(pack.retention)}"
        ),
        "risk_assessment": (
            "A wrong lead may harm an innocent person. Groups may be affected unequally. Bystanders in imagery are not "
            "searched for. [what is likely to go wrong here, for whom, and how badly?]"
        ),
        "measures": f"{_MEASURES} [what do you add?]",
        "safeguards": f"{_SECURITY} [how do you show that it works?]",
        "dpo_advice": "[what did the data protection officer advise?]",
        "advice_followed": True,
        "residual_risk": "high",
    }


def draft_policy(made_of: Configuration) -> dict[str, object]:
    """Give a draft of the appropriate policy document (s.42(2))."""
    return {
        "procedures": f"{_MEASURES} [how are the principles of ss.35 to 40 kept here?]",
        "retention": schedule(made_of.pack.retention),
    }


DRAFTS: Mapping[ArtefactType, Callable[[Configuration], dict[str, object]]] = MappingProxyType(
    {ArtefactType.DPIA: draft_dpia, ArtefactType.APPROPRIATE_POLICY_DOCUMENT: draft_policy}
)
