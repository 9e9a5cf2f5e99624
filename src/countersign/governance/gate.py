"""The fail-closed gate before every operation: Cedar policies over roles and case, reviewable by an oversight body.

Cedar leaves out a policy that cannot be evaluated, as if it did not exist, so a broken ``forbid`` would allow. Hence:
the schema is passed with every request, and only ``Allow`` without a single error is permission.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import cedarpy

from countersign.errors import Refused
from countersign.governance.actor import Person
from countersign.governance.permission import KIND_OF, Permission, ResourceKind
from countersign.governance.verdict import Verdict
from countersign.primitives.codec import Plain
from countersign.primitives.ids import PersonId


class NotPermittedError(Refused):
    """No policy permits it, or one forbids it."""

    code = "not_permitted"
    spoke = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What an operation acts on; for casework, who requested and who authorised in it."""

    kind: ResourceKind
    id: str
    requesters: frozenset[PersonId] = frozenset()
    officers: frozenset[PersonId] = frozenset()


def resource(
    permission: Permission,
    id: str = "",  # noqa: A002  the field's own name
    *,
    requesters: frozenset[PersonId] = frozenset(),
    officers: frozenset[PersonId] = frozenset(),
) -> Resource:
    """Give the resource of the kind that this permission is about."""
    return Resource(kind=KIND_OF[permission], id=id, requesters=requesters, officers=officers)


def policy_text(suffix: Literal["cedar", "cedarschema"]) -> str:
    """Give the text of the policies or of their schema, as an oversight body reads it."""
    return files("countersign.governance").joinpath(f"permissions.{suffix}").read_text(encoding="utf-8")


@cache
def policies() -> cedarpy.PolicySet:
    """Parse the policies once, each under its own ``@id``, so that a decision names it."""
    parsed = json.loads(cedarpy.policies_to_json_str(policy_text("cedar")))
    parsed["staticPolicies"] = {policy["annotations"]["id"]: policy for policy in parsed["staticPolicies"].values()}
    return cedarpy.PolicySet.from_json_str(json.dumps(parsed))


@cache
def schema() -> cedarpy.Schema:
    """Parse the schema once."""
    return cedarpy.Schema.from_str(policy_text("cedarschema"))


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _people(people: frozenset[PersonId]) -> list[Plain]:
    return [{"__entity": {"type": "Person", "id": person}} for person in sorted(people)]


def _entities(person: Person, thing: Resource) -> list[dict[str, Plain]]:
    about: dict[str, Plain] = {"roles": [role.value for role in person.roles], "organisation": person.organisation}
    people: dict[str, Plain] = {"requesters": _people(thing.requesters), "officers": _people(thing.officers)}
    return [
        {"uid": {**_uid("Person", person.id)}, "attrs": about, "parents": []},
        {
            "uid": {**_uid(thing.kind, thing.id)},
            "attrs": people if thing.kind is ResourceKind.CASEWORK else {},
            "parents": [],
        },
    ]


def decide(request: Mapping[str, object], entities: list[dict[str, Plain]]) -> Verdict:
    """Put one request before the policies; anything but a clean ``Allow`` is a denial that says which policy spoke."""
    result = cedarpy.is_authorized(dict(request), policies(), entities, schema=schema())
    errors = list(result.diagnostics.errors)
    spoke = ", ".join(sorted(result.diagnostics.reasons))
    if errors:
        return Verdict(allowed=False, code=NotPermittedError.code, reason=f"the gate could not decide: {errors[0]}")
    if result.decision is not cedarpy.Decision.Allow:
        reason = f"forbidden by {spoke}" if spoke else "no policy permits it"
        return Verdict(allowed=False, code=NotPermittedError.code, reason=reason)
    return Verdict(allowed=True, code="allowed", reason=spoke)


def allowed(person: Person, permission: Permission, thing: Resource) -> Verdict:
    """Ask whether this person may call this operation on this thing; the reason names the policy that decided."""
    request = {
        "principal": _uid("Person", person.id),
        "action": _uid("Action", permission.value),
        "resource": _uid(thing.kind, thing.id),
        "context": {},
    }
    return decide(request, _entities(person, thing))


def demand(person: Person, permission: Permission, thing: Resource) -> str:
    """Go on only when it is permitted; gives the name of the policy that permitted it.

    Raises:
        NotPermittedError: It is not; the message names the policy that forbids it, or says that none permits it.
    """
    verdict = allowed(person, permission, thing)
    if not verdict.allowed:
        roles = ", ".join(sorted(person.roles)) or "no role"
        raise NotPermittedError(f"expected a person permitted to {permission}, got {roles}: {verdict.reason}")
    return verdict.reason
