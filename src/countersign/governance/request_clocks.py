"""How long each step of a request may take; a pack may shorten these times and never lengthen them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClocks:
    """Times from requirements §4.2, in hours, save for the officer's, which is in working days (practice P-15)."""

    draft_h: int = 14 * 24
    decision_working_days: int = 5
    external_decision_h: int = 7 * 24
    confirmation_h: int = 48
    list_unopened_h: int = 72
    lead_h: int = 28 * 24


CEILING = RequestClocks()


def tightened(clocks: RequestClocks) -> RequestClocks:
    """Give the pack's times, none of them longer than the ceiling."""
    return RequestClocks(
        **{
            field.name: max(0, min(getattr(clocks, field.name), getattr(CEILING, field.name)))
            for field in fields(RequestClocks)
        }
    )
