"""Words of the supervisor's pages for codes."""

from countersign.web.wording import Words

QUEUE: Words = {
    "amendment": ("With the requester", "A draft, or returned to be amended"),
    "decision": ("Waits for an officer", ""),
    "external_decision": ("With the external authority", ""),
    "search": ("Waits for the search", ""),
    "screening": ("With the operator", "The list is to be examined"),
    "examination": ("Waits for an examiner", ""),
    "release": ("Waits for release", ""),
    "outcome": ("Waits for an outcome", ""),
    "closing": ("Waits to be closed", ""),
}
DUTY: Words = {
    "requester": ("Requester", ""),
    "officer": ("Authorising officer", ""),
    "operator": ("Operator", ""),
    "examiner": ("Examiner", ""),
    "third": ("Examiner", ""),
}
REASSIGN: Words = {
    "absent": ("They are away", "Leave, illness"),
    "left": ("They have left", ""),
    "other_post": ("They have another post", ""),
    "conflict_of_interest": ("A conflict of interest", ""),
}
BAR: Words = {
    "key_lost": ("Their passkey or key is lost", "Or somebody else may have it"),
    "under_inquiry": ("An inquiry", ""),
    "outcomes_overdue": ("Outcomes are overdue", "Leads of which nobody said what became"),
    "left": ("They have left", ""),
}
READMIT: Words = {
    "key_safe": ("Their passkey or key is safe again", ""),
    "cleared": ("The inquiry cleared them", ""),
    "outcomes_recorded": ("The outcomes are recorded", ""),
    "mistake": ("It was a mistake", ""),
}
REFUSED: Words = {
    "duty_not_handed_over": ("Whoever ran a search answers for it", ""),
    "absent": ("Whoever was to take it is away", ""),
    "same_person": ("They have another part in it", ""),
}
"""Why a duty stayed where it was; other codes are shown in words of their own."""
