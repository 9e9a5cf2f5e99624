"""The plain words of the pages for codes of closed lists: a label, and a hint where a person may ask what it means."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

SOURCE_TYPE: Words = {
    "cctv": ("Security camera (CCTV)", ""),
    "phone": ("Phone", ""),
    "social_media": ("Posted on social media", ""),
    "body_worn": ("Body-worn video", ""),
    "dashcam": ("Dashboard camera", ""),
    "stills_camera": ("Stills camera", ""),
}
DEPICTION: Words = {
    "photograph": ("A photograph, or a frame of a recording", ""),
    "drawing": ("A drawing", ""),
    "composite": ("A composite picture", ""),
    "synthetic": ("A picture made or altered by a computer", ""),
    "look_alike": ("A picture of somebody who looks like the person", ""),
}
PRIVACY: Words = {
    "public_place": ("A public place", "A street, a shop, a station"),
    "private_premises": ("Private premises", "A home, a private office, a hotel room"),
    "closed_account": ("A closed account or group", "Seen only by invited people"),
    "third_party_device": ("A device of somebody else", "Found when a phone or computer was examined"),
    "intimate": ("An intimate situation", "Cannot be searched with"),
}
BASIS: Words = {
    "recorder_log": ("The recorder's own log", "The time that the system wrote, checked against the true time"),
    "exhibit_statement": ("A statement", "Somebody says in a statement when it was taken"),
    "metadata": ("Data in the file", "The camera's own clock, as the file has it"),
    "post_date": ("When it was posted", "It cannot be younger than its posting"),
    "first_seen": ("When it was first seen", ""),
    "seized": ("When it was seized", ""),
    "received": ("When we received it", ""),
    "sealed": ("Nothing is known", "Then it counts from now on, and can be searched with once it is old enough"),
}
SUBJECT: Words = {
    "presumed_offender": ("Somebody presumed to have committed the offence", ""),
    "convicted": ("Somebody convicted of an offence", ""),
    "victim": ("A victim", "Safeguarding only"),
    "witness": ("A witness", "Nobody is looked for because they saw something: this will be refused"),
    "missing": ("A missing person", "Safeguarding only"),
    "deceased": ("Somebody who died and has no name yet", "Safeguarding only"),
}
USE_CLASS: Words = {
    "intelligence": ("Intelligence", "A lead to test with other evidence"),
    "evidence": ("Evidence", "The images may later be compared by an expert for a court"),
    "safeguarding": ("Safeguarding", "To protect or to name the person; never used against anybody"),
}
AGE_BAND: Words = {
    "adult": ("18 or over", ""),
    "under_18": ("Under 18", "Barred where a child is presumed an offender"),
    "unknown": ("Cannot be told", ""),
}
SETTING: Words = {
    "ordinary": ("None of these", ""),
    "protest": ("A protest or a political meeting", ""),
    "worship": ("A place of worship", ""),
    "health": ("A place of medical care", ""),
    "press": ("Work of the press", ""),
    "legal": ("A lawyer's office or work", ""),
}
URGENCY: Words = {
    "none": ("It can wait", "An ordinary decision takes up to five working days"),
    "threat_to_life": (
        "A threat to somebody's life",
        "An officer decides at once and confirms in writing within 48 hours",
    ),
    "serious_harm": (
        "Immediate risk of serious harm",
        "An officer decides at once and confirms in writing within 48 hours",
    ),
}
SAFEGUARDING_GROUND: Words = {
    "none": ("It is no safeguarding search", "An offence is investigated"),
    "risk": ("The person is at risk", "A victim or a missing person"),
    "coroner": ("The coroner asks who it is", "Somebody who died"),
}
FURTHER_GROUND: Words = {
    "none": ("No, this is the first search", ""),
    "new_material": ("Yes, and there is new material", ""),
    "earlier_lead_disproved": ("Yes, and an earlier lead was disproved", ""),
    "gallery_or_network_changed": ("Yes, and the collection or the network changed materially", ""),
}
STATE: Words = {
    "draft": ("Draft", "grey"),
    "submitted": ("Waiting for an officer", "blue"),
    "returned": ("Returned to you", "orange"),
    "refused": ("Refused", "red"),
    "authorised": ("Authorised, waiting for the search", "teal"),
    "urgent_authorised": ("Urgently authorised, waiting for the search", "red"),
    "ext_pending": ("With the external authority", "purple"),
    "probe_locked": ("Being searched", "teal"),
    "probe_unsuitable": ("Image not suitable", "red"),
    "executed": ("Searched, waiting for examination", "teal"),
    "no_candidate": ("Ended: nobody was found", "grey"),
    "screening": ("Being examined", "teal"),
    "proposed_lead": ("Being examined", "teal"),
    "blind_verify": ("Being examined a second time", "teal"),
    "conflict": ("Being examined a third time", "teal"),
    "lead_supported": ("Examined, waiting for release", "turquoise"),
    "no_lead": ("Ended: no lead", "grey"),
    "released": ("Lead released to you", "green"),
    "corroboration": ("Lead released to you", "green"),
    "outcome_recorded": ("Outcome recorded", "green"),
    "disproved": ("Lead was wrong: do not use it", "red"),
    "stopped": ("Stopped", "red"),
    "expired": ("Ended: time ran out", "grey"),
    "voided": ("Void", "red"),
    "withdrawn": ("Withdrawn", "grey"),
    "lapsed": ("Ended: time ran out", "grey"),
    "closed": ("Closed", "grey"),
    "retention_review": ("Closed", "grey"),
    "erased": ("Erased", "grey"),
}
LIMIT: Words = {
    "": ("", ""),
    "unconfirmed": ("to confirm the urgent decision in writing", "The decision is void without it"),
    "undecided": ("for the officer to decide", "It is returned when nobody decided"),
    "undecided_externally": ("for the external authority to decide", "It is stopped without a decision"),
    "unused": ("to run the search", "The authorisation expires"),
    "unopened_list": ("to begin the examination", "The result is destroyed unopened"),
    "unreleased_or_unread_lead": ("to release the lead and act on it", "The lead lapses"),
    "forgotten_draft": ("to submit it", "The draft is deleted"),
}
REFUSAL: Words = {
    "not_necessary": ("Not strictly necessary", ""),
    "not_proportionate": ("Not proportionate", ""),
    "alternatives_not_tried": ("Less intrusive means were not tried", ""),
    "facts_insufficient": ("Too few facts", ""),
    "probe_unsuitable": ("The image is not suitable", ""),
    "offence_not_serious": ("The offence is not serious enough", ""),
}
RETURN: Words = {
    "unclear": ("It is unclear what is asked", ""),
    "facts_missing": ("Facts are missing", ""),
    "alternatives_missing": ("It does not say what else was tried", ""),
    "probe_quality": ("A better image is needed", ""),
}
WITHDRAWAL: Words = {
    "not_needed": ("It is not needed any more", ""),
    "solved_otherwise": ("The case was solved in another way", ""),
    "mistake": ("It was a mistake", ""),
    "no_longer_necessary": ("It is no longer necessary or proportionate", ""),
}
OUTCOME: Words = {
    "eliminated": ("The person was eliminated", "The lead led to somebody else than the person sought"),
    "no_further_action": ("No further action", ""),
    "still_open": ("Still open", ""),
    "arrest": ("Arrest", "Needs independent evidence"),
    "charge": ("Charge", "Needs independent evidence"),
    "victim_found": ("A victim was found", ""),
    "missing_found": ("A missing person was found", ""),
}
EVIDENCE: Words = {
    "": ("None", ""),
    "forensic": ("Forensic", "Fingerprints, DNA"),
    "witness": ("Witness", ""),
    "device": ("Device", ""),
    "financial": ("Financial", ""),
    "location": ("Location", ""),
    "admission": ("Admission", ""),
}
COMPONENT: Words = {
    "unified": ("Overall", "Add a second still of the same person, from another moment"),
    "inter_eye_distance": ("Distance of the eyes", "Use a frame in which the person is nearer to the camera"),
    "head_size": ("Size of the head", "Use the original instead of a smaller copy"),
    "sharpness": ("Sharpness", "Use a frame in which the person stands still, or one that is in focus"),
    "illumination_uniformity": ("Evenness of the light", "Use a frame with light on both sides of the face"),
    "under_exposure": ("Not too dark", "Use a frame in better light"),
    "over_exposure": ("Not too bright", "Use a frame away from the strong light"),
    "dynamic_range": ("Contrast", "Use a frame that is not against the light"),
    "head_pose_yaw": ("Not turned to a side", "Use a frame in which the person looks towards the camera"),
    "head_pose_pitch": ("Not seen from above or below", "Use a camera at the height of the head, if there is one"),
    "head_pose_roll": ("Head upright", "Use a frame in which the head is upright"),
    "single_face": ("Alone in the picture", ""),
    "compression_artefacts": ("Free of compression", "Ask for the original recording, not an export or a screenshot"),
}
TASK: Words = {
    "search": ("Run the search", "An officer authorised it. One authorisation buys one search."),
    "comparison": (
        "Make the comparison",
        "An officer authorised comparing with one named person. Nothing is searched.",
    ),
    "go_on_with_search": ("Go on with the search", "Yours was interrupted; it goes on where it stopped."),
    "review": ("Begin a review", "Describe the person sought, then look at the candidates; nobody sees what you think"),
    "go_on_with_review": ("Go on with your review", "You began it; nobody else can go on with it."),
    "release": ("Release a lead", "Two examiners support it, and the officer must have found it still necessary."),
}
TASK_PLACE: Mapping[str, str] = {
    "search": "search",
    "comparison": "search",
    "go_on_with_search": "search",
    "review": "review",
    "go_on_with_review": "review",
    "release": "release",
}
CONCLUSION: Words = {
    "no_support": ("No support", "A clear difference excludes the candidate"),
    "inconclusive": ("Inconclusive", "The pictures do not allow an opinion"),
    "limited_support": ("Limited support", "More alike than not; too little for a lead"),
    "moderate_support": ("Moderate support", "Alike in what can be seen, no clear difference; counts as support"),
    "strong_support": ("Strong support", "Alike in many features, some of them rare; counts as support"),
}


def label(words: Words, code: object) -> str:
    """Give the label of a code; the code in words where the list does not have it."""
    found = words.get(str(code))
    return found[0] if found else str(code).replace("_", " ")


def hint(words: Words, code: object) -> str:
    """Give the hint of a code; empty where there is none."""
    found = words.get(str(code))
    return found[1] if found else ""
