"""What a refusal means for the person whom it meets, and what they can do: words for a page, by the refusal's code.

The rule's own words (`expected …, got …`) follow in brackets, so that nothing of what spoke is lost.
"""

from collections.abc import Mapping

from countersign.errors import CountersignError

HELP: Mapping[str, str] = {
    # the picture
    "not_a_photograph": "Only photographs and frames of recordings can be searched with: a drawing, a composite or a "
    "look-alike leads to people who have nothing to do with it. Ask for the original picture",
    "intimate_imagery": "Intimate pictures are neither kept nor searched with. Ask your supervisor how "
    "to protect the victim",
    "capture_time_unknown": "Give the latest time at which it can have been taken, or choose that nothing is known",
    "capture_in_future": "The latest time lies in the future. Check the day, and that the time is in UTC",
    "imagery_too_young": "The picture is too young. Nobody is searched for from a live scene: wait until "
    "it is old enough, "
    "or give an earlier latest time if you know of one",
    "undecodable_image": "The file is no picture or recording that can be read here. Ask for the original file",
    "undecodable_video": "The recording cannot be read. Ask for the original export, as MP4, MOV, MKV or WebM",
    "input_is_a_playlist": "The file only names other recordings. Ask for the recording itself",
    "input_is_oversize": "The file is too large. Send the part of the recording that matters",
    "sending_size": "The file is empty or too large. Choose another",
    "sending_gone": "What was sent is not there any more. Send the file again",
    "sending_not_whole": "Some of the file is still missing. Send it again: it goes on where it stopped",
    "sendings_at_once": "Three files are on their way already. Wait for one to be sealed, or until tomorrow",
    "quality_note": "The picture is poor. Say why it is used all the same, or pick a better still",
    "quality_floor": "The picture is too poor: what it found would be strangers. Look for another still "
    "of the same person",
    # the request
    "form_incomplete": "Something is too short or missing. Change the answers that are named",
    "offence_not_serious": "This offence is not serious enough for a search of this collection. Choose other means",
    "privacy_understated": "An exhibit was sealed as more private than the request says. Change “Privacy there”",
    "category_not_in_collection": "People of this kind are not searched for in this collection. Choose "
    "another, or none",
    "use_class_mismatch": "The use does not fit the person: victims, missing and dead people are for safeguarding only",
    "safeguarding_ground": "The ground does not fit the person: a victim or a missing person is at risk, for the dead "
    "the coroner asks, and nobody else has one",
    "safeguarding_offence": "Victims, missing and dead people are sought without an offence. Choose “No offence”",
    "safeguarding_only": "This search was to protect or to name the person. It leads to no arrest, charge or line-up",
    "child_cohort_not_validated": "Children are not searched for as offenders: nobody measured how often that is wrong",
    "refusal_not_cited": "A search in this case was refused before. Say what is new since then",
    "further_ground_missing": "This person was searched for before in this case. Say what is new",
    "further_ground_untrue": "The ground does not hold: nothing of the kind happened in this case. Choose another",
    "targeted_needs_authority": "Somebody named is only searched for with the external authority's "
    "leave. The officer refers it",
    "outcome_overdue": "A lead that you were given has no outcome yet. Record it first",
    "outcome_unattended": "Outcomes in your organisation are long overdue. See that they are recorded, or give their "
    "leads to somebody else, before you move other work",
    # the decision
    "basis_not_opened": "Read what the decision rests on first, then decide",
    "reasons_too_short": "Write each reason in your own words, and at more length",
    "reasons_repeated": "Write two different reasons: why it is necessary, and why it is proportionate",
    "reasons_copied": "Those are the requester's words. Say in your own why you find it necessary and proportionate",
    "same_team": "You belong to the requester's team, so you are not independent. An officer of another team decides",
    "own_request": "Nobody decides on their own request. Another officer does",
    "rank_too_low": "A request of this tier is decided by a higher rank",
    "not_urgent": "The request is not urgent. Decide it in the ordinary way",
    "not_officer": "The officer who decided does this. If they are away, ask for reassignment",
    "authorisation_expired": "The time in which the search could be made has run out. Ask the requester to ask again, "
    "if it is still necessary",
    "authorisation_spent": "The one search that was authorised was made already. A further one needs a request "
    "of its own",
    "authorisation_revoked": "The officer took the decision back. Nothing is searched; ask them why",
    "authorisation_void": "Nobody confirmed the urgent decision in writing in time, so it holds no longer. "
    "Ask the officer to decide again",
    "not_waiting": "It does not wait for you, or not any more: its time ran out, or somebody else did it. "
    "Look at your list again",
    # recordings
    "probe_stills": "What was picked does not make one person. Look at the exhibits again, and take back what is wrong",
    "not_a_recording": "This exhibit is a picture. Pick a face in it instead of a track",
    "scanned_meanwhile": "Somebody else has the recording looked at already. Wait, then open the page again",
    "stretch_lost": "The recording cannot be read further. What was found so far is kept; ask for another export of it",
    # people and programme
    "training_expired": "Your training has run out. Renew it with your training lead; until then others do this",
    "duties_not_separate": "You did another part of this request already. Somebody else does this one",
    "duty_taken": "Somebody else began this and goes on with it",
    "not_permitted": "Your role does not do this",
    "role": "This page belongs to another role",
    "programme_state": "The programme does not search at present. Nothing is lost: it goes on from here "
    "once searching does",
    "artefact_expired": "A document that searching rests on has run out, so nobody searches. The controller renews it",
    "dwell_too_short": "Nobody looks at the candidates so quickly. Look again, then lock your opinions",
    "workload_hour": "You have done as many reviews as anybody may in an hour. Take a break; it waits for you",
    "workload_day": "You have done as many reviews as anybody may in a day. It waits until tomorrow",
    "no_independent_evidence": "A lead alone carries no arrest and no charge. Name the evidence that "
    "does not rest on it",
    "not_reconfirmed": "The officer has not yet found the release still necessary. Ask them to open the request",
    # accounts and teams
    "mandate": "The code is used up or has run out. Ask whoever invited you for a new one",
    "account_name": "Enter a name to sign in with: any that you will remember",
    "name_taken": "Somebody signs in with this name already. Choose another",
    "password_short": "Choose a longer one: a few words that do not belong together are easy to remember",
    "own_bar": "Nobody bars themselves, and whoever barred somebody does not readmit them. Another supervisor does it",
    "signer_barred": "They can stop the whole use and are not to be silenced. Speak to the controller",
    "barred_already": "Somebody barred them already. There is nothing more to do",
    "not_barred": "They are not barred, or somebody readmitted them meanwhile. There is nothing to do",
    "other_organisation": "They belong to another organisation. Its own supervisor does this",
    "own_duty": "Nobody gives work to themselves. Choose somebody else, or ask another supervisor",
    "duty_not_handed_over": "Whoever ran a search answers for it, so this stays. Choose another duty",
    "absent": "They are away. Choose somebody who is here",
    "row_missing": "It is not there any more, or never was. Choose another from the list",
    "malformed_record": "That is none of the answers. Choose one from the list",
    "no_such_case": "No case has this reference here. Look how it is written in the file",
    # signing
    "step_up": "This needs your passkey, over just this. Use it on the page that follows",
    "signature": "The passkey did not confirm just this. Use the passkey of your own account, and confirm again",
    "passkey": "The passkey did not confirm just this. Use the passkey of your own account, and confirm again",
    "nonce_used": "This was sent already. Look whether it is done before you send it again",
    "form_origin": "The page is out of date. Open it again and repeat what you did",
}

THEIRS: Mapping[str, str] = {
    "training_expired": "Their training has run out. Choose somebody else, or have it renewed first",
    "duties_not_separate": "They did another part of this request already. Choose somebody else",
    "same_team": "They belong to the requester's team, so they are not independent. Choose an officer of another team",
    "rank_too_low": "A request of this tier is decided by a higher rank than theirs. Choose somebody of that rank",
    "left_service": "They have left. Choose somebody who is in service",
    "barred": "They are barred until somebody readmits them. Choose somebody else",
}
"""Where what was refused is about somebody else than whoever reads it: a supervisor gives work to a person."""


LED_AWAY = frozenset({"policy_unread"})
"""Refusals that a page of their own answers: no other page tells them."""


def in_words(reason: CountersignError, *, theirs: bool = False) -> str:
    """Say a refusal beside a question of the page that met it.

    Args:
        reason: What was refused, and why.
        theirs: Whether it is about somebody else than whoever reads it.

    Raises:
        CountersignError: The same, where it leads to a page of its own.
    """
    if reason.code in LED_AWAY:
        raise reason
    return spoken(reason, theirs=theirs)


def spoken(reason: CountersignError, *, theirs: bool = False) -> str:
    """Say a refusal as a page does: what helps first, then the rule's own words.

    Example:
        >>> spoken(CountersignError("expected a reason, got none", code="reasons_too_short"))
        'Write each reason in your own words, and at more length (expected a reason, got none)'
    """
    help_ = (THEIRS.get(reason.code) if theirs else None) or HELP.get(reason.code)
    return f"{help_} ({reason})" if help_ else str(reason)
