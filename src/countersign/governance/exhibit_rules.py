"""Guards of what may be sealed as an exhibit, and of what a request may say of it: verdicts for `verdict.check`."""

from collections.abc import Iterable

from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.privacy import INTRUSION, Privacy

PHOTOGRAPH = "photograph"


def provenance_given(*, number: str, lawful_origin: str, supplied_by: str) -> Verdict:
    """Refuse a file without its number, its lawful origin, or who supplied it (PRB-01)."""
    return first_refusal(
        require(bool(lawful_origin.strip()), "lawful_origin_missing", "expected a lawful origin, got none"),
        require(bool(supplied_by.strip()), "supplier_missing", "expected who supplied the file, got none"),
        require(bool(number.strip()), "exhibit_number_missing", "expected an exhibit number, got none"),
    )


def photograph_only(depiction: str) -> Verdict:
    """Refuse whatever is declared to be no photograph: a drawing, a composite, something synthetic, a look-alike.

    What a camera never saw shows nobody's face, and a search with it names somebody all the same (PRB-07).
    """
    return require(
        depiction == PHOTOGRAPH, "not_a_photograph", f"expected a photograph, got by declaration {depiction}"
    )


def not_intimate(privacy: Privacy) -> Verdict:
    """Refuse intimate imagery before it is kept (practice, "Evidence and files")."""
    return require(
        privacy is not Privacy.INTIMATE, "intimate_imagery", "expected imagery that is not intimate, got intimate"
    )


def privacy_as_sealed(stated: Privacy, sealed: Iterable[Privacy]) -> Verdict:
    """Refuse a request that states less intrusion than one of its exhibits was sealed with: its tier would be too low.

    Args:
        stated: On the request form.
        sealed: Of each exhibit of the probe.
    """
    worst = max(sealed, key=INTRUSION.index, default=stated)
    return require(
        INTRUSION.index(stated) >= INTRUSION.index(worst),
        "privacy_understated",
        f"expected at least the expectation of privacy that the exhibits were sealed with ({worst}), got {stated}",
    )
