"""Which licences let a police force run a network: named ones that allow any use, or a contract of its own.

Most published weights allow research only, and some would bind what runs beside them. So nothing passes that was not
named here on purpose: an unknown word is refused like a forbidden one.
"""

import re

from countersign.errors import Refused

__all__ = ["LicenceBarsUseError", "UndeclaredLicenceError", "check_licence"]

FOR_USE = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC0-1.0", "ISC", "MIT"),
        *("MIT-0", "Unlicense", "Zlib"),
    }
)
"""SPDX identifiers of licences that allow any use and ask for no more than a notice."""

OWN_CONTRACT = "LicenseRef-"
"""Begins the SPDX name of a licence that is not on SPDX's list: the contract by which the force may use the weights."""

_UNDECLARED = frozenset({"", "none", "unknown", "noassertion", "unlicensed", "tbd", "n/a"})
_NOT_FOR_USE = re.compile(
    r"(^|[^a-z])(nc|non-?commercial|research|academic|evaluation|trial|[al]?gpl)([^a-z]|$)", re.IGNORECASE
)


class UndeclaredLicenceError(Refused):
    """A network whose licence nobody declared may not run: most published weights allow research only."""

    code = "network_without_licence"


class LicenceBarsUseError(Refused):
    """The declared licence does not let a force use the network, or is none that is known to."""

    code = "network_licence"


def check_licence(name: str, licence: str) -> None:
    """Accept a network only under licences that are named and that allow a force to use it.

    Args:
        name: Of the network.
        licence: SPDX identifiers, joined by ``AND`` where several hold.

    Raises:
        UndeclaredLicenceError: Nothing is named.
        LicenceBarsUseError: One allows research only, is a copyleft licence, or is not known here.

    Example:
        >>> check_licence("n", "MIT AND Apache-2.0")
        >>> check_licence("n", "LicenseRef-Contract-2026-17")
        >>> check_licence("n", "CC-BY-NC-4.0")
        Traceback (most recent call last):
        countersign.inference.licence.LicenceBarsUseError: expected a licence for use of network n, got CC-BY-NC-4.0
    """
    if licence.strip().lower() in _UNDECLARED:
        raise UndeclaredLicenceError(f"expected a declared licence for network {name}, got {licence.strip() or 'none'}")
    for part in licence.split(" AND "):
        own = part.startswith(OWN_CONTRACT) and not _NOT_FOR_USE.search(part) and part != OWN_CONTRACT
        if part.strip() not in FOR_USE and not own:
            raise LicenceBarsUseError(f"expected a licence for use of network {name}, got {part}")
