"""What a verifier found: a stable code, the place, and a sentence for a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it must be.

    Attributes:
        code: Stable snake_case name.
        sentence: What is wrong, without any value that could be personal.
        seq: Place of the entry it is about, or None when it is about no single one.
    """

    code: str
    sentence: str
    seq: int | None = None
