from pathlib import Path

import pytest

from countersign.cli.report import check
from countersign.ledger.document import statement_of
from countersign.ledger.note import SignatureBrokenError, sign_note
from tests.fakes_ledger import LOG, InsecureSeedSigner

SIGNER = InsecureSeedSigner(LOG)


def test_a_document_is_checked_by_its_signature_and_the_logs_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    document, signature = tmp_path / "request.pdf", tmp_path / "request.pdf.sig"
    document.write_bytes(b"%PDF-")
    signature.write_text(sign_note(statement_of(b"%PDF-", LOG), SIGNER).to_text(), encoding="utf-8")
    check(document, signature, SIGNER.key.vkey)
    assert "It is the one that was given out" in capsys.readouterr().out

    document.write_bytes(b"%PDF-x")
    with pytest.raises(SignatureBrokenError):
        check(document, signature, SIGNER.key.vkey)
