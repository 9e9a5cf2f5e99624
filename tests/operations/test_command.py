from datetime import timedelta

from countersign.governance.permission import Permission
from countersign.governance.signature import generate, public_hex, verify_command
from countersign.operations.command import sign_command
from countersign.operations.run_search import RunSearch
from countersign.primitives.clock import SimulatedClock
from countersign.primitives.codec import to_plain
from countersign.primitives.ids import RequestId
from tests.operations.scene import START


def test_a_command_carries_its_key_and_a_signature_that_holds_for_it():
    key, clock, arguments = generate(), SimulatedClock(START), RunSearch(request=RequestId("r"))

    command = sign_command(Permission.SEARCH_RUN, arguments, key, clock)

    assert command.public_key == public_hex(key)
    verify_command(
        command.signed,
        public_key=command.public_key,
        operation=Permission.SEARCH_RUN,
        arguments=to_plain(arguments),
        now=START + timedelta(minutes=1),
    )


def test_two_commands_never_share_a_nonce():
    key, clock, arguments = generate(), SimulatedClock(START), RunSearch(request=RequestId("r"))

    first, second = (sign_command(Permission.SEARCH_RUN, arguments, key, clock) for _ in range(2))

    assert first.signed.nonce != second.signed.nonce
