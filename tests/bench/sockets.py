"""The load on sockets: a process of its own that holds many and measures what they hear.

`python -m tests.bench.sockets` reads a pickled `Plan` (as a dict) from stdin, begins when stdin ends,
and writes a `Heard` as JSON to stdout. It imports the standard library alone. Frames are masked with zeros, which leaves
their bytes as they are.
"""

import base64
import itertools
import json
import os
import pickle
import re
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

STAMP = b'"stamp": '
SNAPSHOT = re.compile(rb"id: (\d+)-\d+\nevent: state\n")
QUIET_SECONDS = 1.0
SILENCE_SECONDS = 20
# How often sockets are read whose messages are only counted.
DRAIN_SECONDS = 0.1
HEARTBEAT_SECONDS = 20
# For a larger buffer Python asks the kernel for memory at each call, which takes 20 µs.
RECEIVED_BYTES = 65_536
# Linux then tells at which moment what is read has come; Python has no name for it.
SO_TIMESTAMPNS = 35
_TIMESPEC = struct.Struct("ll")


@dataclass(frozen=True)
class Plan:
    """What to do with sockets to `port`, one for each of `paths`.

    `talk`: each sends `message` (a counter in place of `%d`), or its messages in `own`, waits for
    the answer and sends the next, for `seconds`, with `in_flight` messages under way. `burst`: each
    sends its one of `messages` at a moment within a second. `listen`: each receives for `seconds`,
    or until `bytes` came. `hold`: each sends `message` from time to time, and receives for
    `seconds`. With `plain` it listens on `port` for as many plain TCP connections instead, until
    `bytes` came on each. With `cookies`, one for each path, it opens event streams of screens in
    place of sockets.

    With `greeting` the work begins once each socket has received a message that begins so: what
    opening costs the servers is over by then. `drained` sockets are read ten times a second at a
    low priority, and their messages are counted alone.
    """

    kind: str
    port: int
    paths: Sequence[str]
    message: str = ""
    messages: Sequence[str] = ()
    own: Sequence[Sequence[str]] = ()
    in_flight: int = 1
    answer: str = ""
    seconds: float = 0.0
    bytes: int = 0
    plain: bool = False
    cookies: Sequence[str] = ()
    greeting: str = ""
    drained: bool = False


@dataclass
class Heard:
    """The received messages: how many, in how many seconds, and how late each was, in ms.

    `processor_seconds` is the processor time of the load tool after all sockets were open.
    """

    messages: int = 0
    bytes: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    late_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def frame(text: str) -> bytes:
    """Return a text frame as a client sends it."""
    data = text.encode()
    if len(data) < 126:
        return bytes((0x81, 0x80 | len(data), 0, 0, 0, 0)) + data
    return bytes((0x81, 0x80 | 126)) + len(data).to_bytes(2, "big") + bytes(4) + data


def connect(port: int, path: str) -> tuple[socket.socket, bytes]:
    """Open a WebSocket; returns what came after the handshake too."""
    key = base64.b64encode(b"0123456789abcdef").decode()
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
    return _open(port, path, f"{upgrade}Sec-WebSocket-Version: 13\r\n", b"101")


def connect_screen(port: int, path: str, cookie: str) -> tuple[socket.socket, bytes]:
    """Open the event stream of a screen; returns what came after the head too."""
    return _open(port, path, f"Cookie: {cookie}\r\n", b"200")


def _open(port: int, path: str, headers: str, status: bytes) -> tuple[socket.socket, bytes]:
    opened = socket.create_connection(("127.0.0.1", port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())
    got = b""
    while b"\r\n\r\n" not in got:
        more = opened.recv(65536)
        if not more:
            raise ConnectionError(got[:200])
        got += more
    if not got.startswith(b"HTTP/1.1 " + status):
        raise ConnectionError(got[:200])
    return opened, got.partition(b"\r\n\r\n")[2]


def messages_in(got: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole frames in what came, and the rest."""
    found: list[bytes] = []
    at = 0
    while len(got) - at >= 2:
        length, head = got[at + 1], 2
        if length == 126:
            length, head = int.from_bytes(got[at + 2 : at + 4], "big"), 4
        elif length == 127:
            length, head = int.from_bytes(got[at + 2 : at + 10], "big"), 10
        if len(got) - at < head + length:
            break
        found.append(got[at + head : at + head + length])
        at += head + length
    return found, got[at:]


def _read(opened: socket.socket) -> tuple[bytes, float]:
    """Read what has come, and return it with the moment at which the last of it came.

    The load tool may read it later than that, which is not the servers' delay.
    """
    got, told, *_ = opened.recvmsg(RECEIVED_BYTES, 64)
    moments = [_TIMESPEC.unpack(data) for _, kind, data in told if kind == SO_TIMESTAMPNS]
    return got, moments[0][0] + moments[0][1] / 1e9 if moments else time.time()


def _say_so(word: str) -> None:
    sys.stderr.write(word + "\n")
    sys.stderr.flush()


class Load:
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._heard = Heard()
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._rest: dict[int, bytes] = {}
        self._answer = plan.answer.encode()
        self._sent_at: dict[int, float] = {}
        self._to_say: dict[int, Iterator[str]] = {}
        self._awaited = 0
        self._began_at = 0.0

    def run(self) -> Heard:
        """Connect, say that all is ready, and do what the plan says."""
        if self._plan.plain:
            self._accept()
        elif self._plan.cookies:
            for path, cookie in zip(self._plan.paths, self._plan.cookies, strict=True):
                self._add(*connect_screen(self._plan.port, path, cookie))
            # The first snapshot is as old as the newest message of the feed.
            self._drain()
        else:
            for path in self._plan.paths:
                self._add(*connect(self._plan.port, path))
            if self._plan.bytes:
                self._drain()
            if self._plan.greeting:
                self._await_greetings()
        _say_so("ready")
        # It begins when stdin ends: until then others get ready.
        sys.stdin.buffer.read()
        self._began_at = time.time()
        before_work = time.process_time()
        {
            "talk": self._talk,
            "burst": self._burst,
            "listen": self._listen,
            "hold": self._hold,
        }[self._plan.kind]()
        self._heard.processor_seconds = time.process_time() - before_work
        return self._heard

    def _drain(self) -> None:
        """Hear the greetings, until nobody says anything any more."""
        while ready := self._poll.poll(QUIET_SECONDS):
            for number, _ in ready:
                if self._plan.cookies:
                    self._count_bytes(number)
                else:
                    self._receive(number)

    def _await_greetings(self) -> None:
        missing, greeting = set(self._sockets), self._plan.greeting.encode()
        while missing:
            ready = self._poll.poll(SILENCE_SECONDS)
            if not ready or self._heard.failed:
                raise ConnectionError(f"{len(missing)} sockets were not greeted")
            for number, _ in ready:
                if any(message.startswith(greeting) for message in self._receive(number)):
                    missing.discard(number)

    def _accept(self) -> None:
        with socket.create_server(("127.0.0.1", self._plan.port), backlog=2048) as listener:
            _say_so("listening")
            for _ in self._plan.paths:
                self._add(listener.accept()[0], b"")

    def _add(self, opened: socket.socket, rest: bytes) -> None:
        self._sockets[opened.fileno()] = opened
        self._rest[opened.fileno()] = rest
        if self._plan.kind == "listen" and not self._plan.drained:
            opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._poll.register(opened, select.EPOLLIN)

    def _receive(self, number: int) -> list[bytes]:
        return self._messages(number, self._sockets[number].recv(RECEIVED_BYTES))

    def _messages(self, number: int, more: bytes) -> list[bytes]:
        """Return the messages that are whole with what was just read; nothing means the end."""
        if not more:
            self._heard.failed.append("closed: " + self._rest[number].decode(errors="replace"))
            self._poll.unregister(number)
            return []
        found, self._rest[number] = messages_in(self._rest[number] + more)
        return found

    def _talk(self) -> None:
        """Talk for a time, then receive the answers that are missing."""
        said = [iter(own) for own in self._plan.own] or [self._counted()] * len(self._sockets)
        self._to_say = dict(zip(self._sockets, said, strict=True))
        began = now = time.perf_counter()
        for number in self._sockets:
            for _ in range(self._plan.in_flight):
                self._say(number)
        while self._awaited and now < began + self._plan.seconds + SILENCE_SECONDS:
            for number, _ in self._poll.poll(0.5):
                for message in self._receive(number):
                    self._hear_answer(number, message, says=now < began + self._plan.seconds)
            if self._heard.failed:
                return
            now = time.perf_counter()
        self._heard.seconds = now - began

    def _hear_answer(self, number: int, message: bytes, *, says: bool) -> None:
        if message.startswith(self._answer):
            self._heard.messages += 1
            self._awaited -= 1
            if says:
                self._say(number)
        elif message.startswith(b'{"type":"refusal"'):
            self._heard.failed.append(message.decode())

    def _counted(self) -> Iterator[str]:
        return (self._plan.message.replace("%d", str(count)) for count in itertools.count(1))

    def _say(self, number: int) -> None:
        text = next(self._to_say[number], None)
        if text is not None:
            self._awaited += 1
            self._sockets[number].sendall(frame(text))

    def _hold(self) -> None:
        began = now = time.perf_counter()
        said = began
        while now < began + self._plan.seconds and not self._heard.failed:
            for number, _ in self._poll.poll(0.5):
                self._heard.messages += len(self._receive(number))
            now = time.perf_counter()
            if now > said + HEARTBEAT_SECONDS:
                said = now
                for opened in self._sockets.values():
                    opened.sendall(frame(self._plan.message))
        self._heard.seconds = now - began

    def _burst(self) -> None:
        numbers = list(self._sockets)
        frames = [frame(message) for message in self._plan.messages]
        began = time.perf_counter()
        due, waiting = 0, len(numbers)
        while waiting and time.perf_counter() < began + SILENCE_SECONDS and not self._heard.failed:
            now = time.perf_counter()
            while due < len(numbers) and now >= began + due / len(numbers):
                self._sent_at[numbers[due]] = time.perf_counter()
                self._sockets[numbers[due]].sendall(frames[due])
                due += 1
            for number, _ in self._poll.poll(0.0005 if due < len(numbers) else 0.2):
                for message in self._receive(number):
                    if message.startswith(self._answer):
                        late = time.perf_counter() - self._sent_at[number]
                        self._heard.late_ms.append(late * 1000)
                        waiting -= 1
                    elif message.startswith(b'{"type":"refusal"'):
                        self._heard.failed.append(message.decode())
        self._heard.messages = len(self._heard.late_ms)
        self._heard.seconds = time.perf_counter() - began

    def _listen(self) -> None:
        """Count what is heard from the first byte on; `stamp`s tell how late a message is."""
        if self._plan.drained:
            self._listen_seldom()
            return
        wanted = self._plan.bytes * len(self._sockets)
        began = last = 0.0
        ends = time.perf_counter() + (self._plan.seconds or SILENCE_SECONDS)
        while time.perf_counter() < ends and (not wanted or self._heard.bytes < wanted):
            for number, _ in self._poll.poll(0.2):
                last = time.perf_counter()
                if wanted:
                    self._count_bytes(number)
                elif self._plan.cookies:
                    self._read_snapshots(number)
                else:
                    self._read_stamps(number)
                began = began or last
        self._heard.seconds = last - began

    def _listen_seldom(self) -> None:
        """Count messages, ten times a second.

        A process that waited for each message would be woken by each, and take processor time from
        the servers.
        """
        os.nice(10)
        counted = b"event: state" if self._plan.cookies else STAMP
        began = time.perf_counter()
        while time.perf_counter() < began + self._plan.seconds:
            time.sleep(DRAIN_SECONDS)
            for number, _ in self._poll.poll(0):
                more = self._sockets[number].recv(RECEIVED_BYTES)
                if not more:
                    self._heard.failed.append("closed")
                    self._poll.unregister(number)
                # A word may have come in two parts.
                text = self._rest[number] + more
                self._heard.messages += text.count(counted)
                self._rest[number] = text[1 - len(counted) :]
        self._heard.seconds = time.perf_counter() - began

    def _count_bytes(self, number: int) -> None:
        self._heard.bytes += len(self._sockets[number].recv(RECEIVED_BYTES))

    def _read_stamps(self, number: int) -> None:
        more, came_at = _read(self._sockets[number])
        for message in self._messages(number, more):
            at = message.find(STAMP)
            if at > 0:
                sent = float(message[at + len(STAMP) : at + len(STAMP) + 17])
                self._heard.late_ms.append((came_at - sent) * 1000)
                self._heard.messages += 1

    def _read_snapshots(self, number: int) -> None:
        """Note how late the snapshots of a screen are: their seq begins with a moment in ms.

        One that follows a heartbeat has the seq of a message that was shown long before.
        """
        more, came_at = _read(self._sockets[number])
        for found in SNAPSHOT.finditer(more):
            if int(found[1]) < self._began_at * 1000:
                continue
            self._heard.late_ms.append(came_at * 1000 - int(found[1]))
            self._heard.messages += 1


class Running:
    """A load at work in a process of its own."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sockets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(pickle.dumps(vars(plan)))
        self._process.stdin.flush()

    def wait_for(self, word: str) -> None:
        """Wait until it says `listening` or `ready`, and let it begin as soon as it is ready."""
        self.wait_until(word)
        self.begin()

    def begin(self) -> None:
        """Let it begin as soon as it is ready."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait_until(self, word: str) -> None:
        """Wait until it says `listening` or `ready`; it does not begin."""
        assert self._process.stderr is not None
        said = self._process.stderr.readline().decode().strip()
        if said != word:
            raise RuntimeError(said + self._process.stderr.read().decode())

    def stop(self) -> None:
        """End it at once; nothing is known of what was heard."""
        self._process.kill()
        self._process.wait()

    def heard(self) -> Heard:
        """Wait for the end and return what was heard."""
        assert self._process.stdout is not None
        text = self._process.stdout.read()
        self._process.wait()
        return Heard(**json.loads(text))


def main() -> None:
    """Run the plan on stdin."""
    plan = Plan(**pickle.load(sys.stdin.buffer))
    json.dump(asdict(Load(plan).run()), sys.stdout)


if __name__ == "__main__":
    main()
