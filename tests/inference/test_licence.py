"""Which licences let a network run."""

import pytest

from countersign.errors import Refused
from countersign.inference.licence import LicenceBarsUseError, UndeclaredLicenceError, check_licence


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0", "BSD-3-Clause AND MIT", "LicenseRef-Contract-2026-17"])
def test_a_licence_that_allows_any_use_or_a_contract_of_the_force_is_accepted(licence: str):
    assert check_licence("n", licence) is None  # type: ignore[func-returns-value]


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize("licence", ["", "  ", "none", "UNKNOWN", "NOASSERTION"])
def test_no_declared_licence_is_refused(licence: str):
    with pytest.raises(UndeclaredLicenceError, match="expected a declared licence for network n") as caught:
        check_licence("n", licence)
    assert isinstance(caught.value, Refused)


@pytest.mark.row("ENG-05")
@pytest.mark.parametrize(
    "licence",
    [
        *("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "GPL-3.0-only", "AGPL-3.0-or-later", "LGPL-2.1-only", "CC-BY-SA-4.0"),
        *("LicenseRef-InsightFace-NonCommercial", "LicenseRef-Research-Only", "LicenseRef-", "LicenseRef-GPL-copy"),
        *("non-commercial research", "free for all", "mit", "MIT AND CC-BY-NC-4.0", "MIT OR Apache-2.0"),
    ],
)
def test_a_licence_for_research_a_copyleft_one_and_an_unknown_word_are_refused(licence: str):
    with pytest.raises(LicenceBarsUseError, match="expected a licence for use of network n") as caught:
        check_licence("n", licence)
    assert isinstance(caught.value, Refused)
