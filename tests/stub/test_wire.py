"""The socket of a stub phone also reads messages that arrive together with the handshake."""

import base64
import hashlib
import socket
import threading

from miniprogram_stub.live.wire import PromptClient

# RFC 6455, section 1.3.
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
HELLO = b"hello"


def answer_and_greet(listener: socket.socket) -> None:
    """Accept one WebSocket, and send the answer and a message in one piece."""
    connection, _ = listener.accept()
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(4096)
    lines = request.decode().split("\r\n")
    [key] = [line.split(": ")[1] for line in lines if line.lower().startswith("sec-websocket-key")]
    accept = base64.b64encode(hashlib.sha1(f"{key}{GUID}".encode()).digest()).decode()
    answer = (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    connection.sendall(answer.encode() + bytes((0x81, len(HELLO))) + HELLO)
    connection.recv(4096)
    connection.close()


def test_message_that_came_with_the_handshake_is_heard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer_and_greet, args=(listener,), daemon=True)
        server.start()
        client = PromptClient.connect(f"ws://127.0.0.1:{listener.getsockname()[1]}/")
        assert client.receive(10) == HELLO.decode()
        client.close()
        server.join(10)
