"""What an archive file says of itself, read from its bytes: PDF/A leaves every object's dictionary in the open."""

import re

STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)endobj", re.DOTALL)
RUNS = (
    b"JavaScript", b"JS", b"Launch", b"OpenAction", b"AA", b"EmbeddedFile", b"EmbeddedFiles", b"GoToR", b"SubmitForm",
    b"ImportData", b"RichMedia", b"Movie", b"Sound", b"XFA",
)  # fmt: skip
"""Names of what a reader could be made to run, open, send or unpack (ISO 19005-2, 6.5 and 6.8)."""


def check_archive_file(pdf: bytes) -> None:
    """Check that a file is PDF/A-2a that stands alone: it runs nothing, hides nothing, and carries its fonts.

    Source: ISO 19005-2:2011, 6.1.3 (no encryption), 6.2.11.4 (fonts embedded), 6.5 and 6.6 (nothing that acts),
    6.6.4 (how a file says which part it keeps), 6.7 (tagged, with a language).
    """
    assert pdf.startswith(b"%PDF-1.7"), pdf[:16]
    xmp = re.search(rb"<\?xpacket begin.*<\?xpacket end", pdf, re.DOTALL)
    assert xmp, "no metadata in the open"
    assert re.findall(rb"pdfaid:(part|conformance)>(\w)<", xmp[0]) == [(b"part", b"2"), (b"conformance", b"A")]
    bare = STREAM.sub(b"", pdf)
    objects = OBJECT.findall(bare)
    assert len(objects) > 10
    assert not any(b"/ObjStm" in one for one in objects), "dictionaries are hidden in streams"
    check_acts_not([*objects, bare[bare.rindex(b"trailer") :]])
    check_fonts(objects)
    (catalog,) = (one for one in objects if re.search(rb"/Type\s*/Catalog\b", one))
    for part in (rb"/Lang\s*\(en-GB\)", rb"/Marked\s+true", rb"/OutputIntents\b", rb"/StructTreeRoot\b"):
        assert re.search(part, catalog), part


def check_acts_not(dictionaries: list[bytes]) -> None:
    """Check that nothing is encrypted, run, opened or unpacked."""
    text = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)  # what people wrote may look like anything
    names = {name for one in dictionaries for name in re.findall(rb"/([A-Za-z]+)", text.sub(b"", one))}
    assert not names & {b"Encrypt", *RUNS}


def check_fonts(objects: list[bytes]) -> None:
    """Check that every font comes with its glyphs."""
    fonts = [one for one in objects if re.search(rb"/Type\s*/Font\b", one)]
    described = [one for one in objects if re.search(rb"/Type\s*/FontDescriptor\b", one)]
    assert fonts
    assert described
    assert all(re.search(rb"/FontFile[23]?\s+\d+ 0 R", one) for one in described)
    for one in fonts:
        assert b"/DescendantFonts" in one or re.search(rb"/FontDescriptor\s+\d+ 0 R", one), one[:200]
