import apsw

from countersign.operations.verify_ledger import verify_ledger
from tests.operations.scene import Scene


def test_the_log_of_a_whole_case_verifies(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)

    assert not verify_ledger(supported.desk).findings


def test_an_altered_entry_is_found(founded: Scene):
    connection = apsw.Connection(str(founded.folder / "data" / "countersign.sqlite"))
    ((entry,),) = connection.execute("SELECT entry FROM ledger_entry WHERE seq = 1")
    connection.execute("UPDATE ledger_entry SET entry = ? WHERE seq = 1", [entry.replace(b'"roles":1', b'"roles":2')])
    connection.close()

    assert verify_ledger(founded.desk).findings
