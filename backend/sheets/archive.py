"""The parts of an .xlsx file, parsed as streams of XML events under limits that all parts share.

Only the parts that are read are unpacked; pictures and charts are skipped.
"""

import io
import posixpath
import zipfile
import zlib
from typing import NamedTuple, Protocol
from xml.parsers import expat

from backend.errors import Sentence
from backend.sheets.errors import BadSheet

MAX_UNPACKED_BYTES = 60_000_000
MAX_ELEMENTS = 1_000_000
MAX_TAG_BYTES = 1_000_000
MAX_RELATIONS = 10_000
MAX_PARTS = 5_000
MAX_DEPTH = 64
CHUNK_BYTES = 256_000
ENTRY_MARK = b"PK\x01\x02"

# Exceptions of the standard library for damaged files.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def broken_workbook() -> BadSheet:
    """Return the refusal of a file that is damaged."""
    return BadSheet(
        Sentence(
            "这个 Excel 文件已损坏或不是工作簿，请在 Excel 里另存为 .xlsx 再试。",
            "This Excel file is broken or no workbook; save it again as .xlsx.",
        )
    )


def too_much() -> BadSheet:
    """Return the refusal of a file whose contents are too large."""
    return BadSheet(
        Sentence(
            "这个 Excel 文件展开后太大：单元格、样式或空行太多。请把要导入的数据复制到一个新的工作簿再试。",
            "This Excel file unpacks to too much; copy the data to a new workbook and try again.",
        )
    )


class Finished(Exception):
    """Raised by a handler that needs no further events of a part."""


class Handler(Protocol):
    """Takes the events of one part. Names come without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text."""


class Relation(NamedTuple):
    """A reference from one part to another: the last word of its type, and the part's name in the
    archive."""

    type: str
    part: str


class Archive:
    """An .xlsx file that was opened. Its methods raise `BadSheet` where a limit is reached."""

    def __init__(self, data: bytes) -> None:
        if data.count(ENTRY_MARK) > MAX_PARTS:
            raise too_much()
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._bytes_left = MAX_UNPACKED_BYTES
        self._elements_left = MAX_ELEMENTS

    def has(self, part: str) -> bool:
        """Say whether there is such a part; capitals make no difference."""
        return part.lower() in self._names

    def has_folder(self, folder: str) -> bool:
        """Say whether there are parts in a folder."""
        return any(name.startswith(f"{folder.lower()}/") for name in self._names)

    def text(self, part: str) -> bytes:
        """Return the first bytes of a part, enough to detect its type."""
        with self._zip.open(self._names[part.lower()]) as opened:
            return opened.read(100)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part refers to, by id; the archive itself is the part ``""``."""
        folder, name = posixpath.split(part)
        of_part = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(of_part):
            return {}
        handler = _Relations(folder)
        self.parse(of_part, handler)
        return handler.found

    def parse(self, part: str, handler: Handler) -> None:
        """Give a part's events to a handler."""
        info = self._zip.getinfo(self._names[part.lower()])
        self._bytes_left -= info.file_size
        if self._bytes_left < 0:
            raise too_much()
        if info.compress_type not in _PACKINGS:
            raise broken_workbook()
        parser = self._parser(handler)
        with self._zip.open(info) as opened:
            try:
                fed = 0
                while chunk := opened.read(CHUNK_BYTES):
                    parser.Parse(chunk, False)
                    fed += len(chunk)
                    if fed - parser.CurrentByteIndex > MAX_TAG_BYTES:
                        raise too_much()
                parser.Parse(b"", True)
            except Finished:
                return

    def _parser(self, handler: Handler) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        take_start, take_end = handler.start, handler.end
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements_left -= 1
            if self._elements_left < 0 or depth > MAX_DEPTH:
                raise too_much()
            take_start(name.rpartition(":")[2] if ":" in name else name, attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            take_end(name.rpartition(":")[2] if ":" in name else name)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        return parser


def _refuse_doctype(*_: object) -> None:
    """Refuse document types: entities can expand without limit, and no spreadsheet program writes
    any."""
    raise broken_workbook()


class _Relations:
    """Reads a part of relations."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", self._folder, attributes["Target"]))
            self.found[attributes["Id"]] = Relation(kind, target.lstrip("/"))
            if len(self.found) > MAX_RELATIONS:
                raise too_much()

    def end(self, name: str) -> None:
        """Ignore it."""

    def text(self, text: str) -> None:
        """Ignore it."""
