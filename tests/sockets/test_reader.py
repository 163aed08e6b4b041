"""What a phone sends is read until there is a reason to close its socket."""

import socket

from backend.phones.conversation import SILENT
from backend.phones.reader import SocketReader
from tests.bench.sockets import frame


def test_phone_that_goes_on_sending_does_not_keep_its_socket() -> None:
    ours, phone = socket.socketpair()
    with ours, phone:
        reader = SocketReader(ours, ours.send)
        phone.sendall(frame("of a flood") * 10)
        reader.wake(SILENT)
        assert (reader.messages(), reader.is_over) == ([], True)
