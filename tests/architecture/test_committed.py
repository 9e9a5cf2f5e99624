"""What lies in the repository: no machine's paths, no secrets, no persons, no word about how it was made."""

import re

import pytest

from tests.architecture.tree import ROOT, committed_files, local

# Brackets around one letter keep a pattern from finding itself in this file.
FORBIDDEN = {
    "a path of one machine": r"/wor[k]/\w|/hom[e]/\w|/roo[t]/\w|/User[s]/\w|/tm[p]/[a-z]+/[a-z]",
    "a private key": r"-----BEGI[N] [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}",
    "a secret of a service": r"\bAKI[A][0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abpr]-[0-9]{8}",
    "an address of a person": r"[\w.+-]+@(?!example\.(?:org|com|net)\b)[\w-]+\.(?:com|org|net|uk|eu|gov|police)\b",
    "a word about how it was made": (
        r"\bissu[e] #?\d+\b|\bclaud[e]\b|\bchatgp[t]\b|\bcopilo[t]\b|\banthropi[c]\b|\bopena[i]\b|\bll[m]s?\b"
        r"|\b(?:sub)?agen[t]s?\b|\bco-authored-b[y]\b|\bai[- ]generate[d]\b"
    ),
}
ELSEWHERE = {"uv.lock", "LICENSE"}
"""Files whose text is others'."""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_committed_holds(what: str):
    pattern = re.compile(FORBIDDEN[what], flags=re.IGNORECASE if "word" in what else 0)
    found = [
        f"{local(path)}: {place[0]!r}"
        for path in committed_files()
        if local(path) not in ELSEWHERE and not local(path).startswith("tests/vectors/")
        for place in pattern.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]

    assert not found, f"{what}: {found}"


def test_the_patterns_find_what_they_are_for():
    machine = "/" + "home/someone/data"
    assert re.search(FORBIDDEN["a path of one machine"], machine)
    assert re.search(FORBIDDEN["a word about how it was made"], "see iss" + "ue 12", flags=re.IGNORECASE)
    assert not re.search(FORBIDDEN["an address of a person"], "someone@example.org")


def test_no_image_database_key_or_large_file_is_committed():
    large = [local(path) for path in committed_files() if path.stat().st_size > 2_000_000]
    kinds = [
        local(path) for path in committed_files() if path.suffix in {".sqlite", ".db", ".pem", ".key", ".onnx", ".jpg"}
    ]

    assert committed_files()
    assert not large
    assert not kinds


def test_the_licence_and_the_notices_are_there():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    networks = (ROOT / "src/countersign/inference/networks.toml").read_text(encoding="utf-8")
    for digest in re.findall(r'sha256 = "([0-9a-f]{64})"', networks):
        assert digest in notice
