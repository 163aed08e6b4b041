"""New invite codes: generates them, and writes a sheet for the host and slips to print."""

import io
import os
import secrets
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import segno
from markupsafe import Markup

from backend.errors import OperatorError
from backend.sheets import Column, write_sheet

# Without characters that look alike in print: 0 and O, 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
SHEET_NAME, SLIPS_NAME = "邀请码.xlsx", "邀请码.html"
# A roster with codes, which can be imported as it is; the empty template has the same columns.
ROSTER_COLUMNS = (
    Column("工号", 14),
    Column("姓名", 16),
    Column("班组", 24),
    Column("班次", 10),
    Column("邀请码", 14),
)
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


@dataclass(frozen=True)
class Slip:
    """A person and their new invite code in plain text, which is stored nowhere."""

    number: str
    name: str
    team: str
    shift: str
    code: str = field(repr=False)


def new_code() -> str:
    """Return a new invite code: eight characters, 31 to the power of 8 possibilities."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def write_slips(
    folder: Path, slips: Sequence[Slip], each: Callable[[Iterable[Slip]], Iterable[Slip]] = iter
) -> tuple[Path, Path]:
    """Write the sheet and the printable page of these people into a folder and return both files.

    `each` wraps the iteration over people, for a progress bar. Only the owner may read the files.
    Raises `OperatorError` if one of them exists or cannot be written; nothing is overwritten.
    """
    page = _page(each(slips))
    sheet_file, page_file = folder / SHEET_NAME, folder / SLIPS_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(sheet_file, _sheet(slips))
        try:
            _write(page_file, page)
        except OSError:
            sheet_file.unlink()
            raise
    except FileExistsError as error:
        raise OperatorError(f"{error.filename} 已经存在，请换一个文件夹") from None
    except OSError as error:
        raise OperatorError(f"写不进 {folder}：{error.strerror}") from None
    return sheet_file, page_file


def slips_archive(slips: Sequence[Slip]) -> bytes:
    """Return a ZIP file with the sheet and the printable page of these people."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET_NAME, _sheet(slips))
        archive.writestr(SLIPS_NAME, _page(slips))
    return written.getvalue()


def _sheet(slips: Sequence[Slip]) -> bytes:
    rows = [(slip.number, slip.name, slip.team, slip.shift, slip.code) for slip in slips]
    return write_sheet("邀请码", ROSTER_COLUMNS, rows)


def _page(slips: Iterable[Slip]) -> bytes:
    shown = [{"slip": slip, "qr": _qr(slip), "code": _spaced(slip.code)} for slip in slips]
    return _TEMPLATES.get_template("slips.html").render(slips=shown).encode()


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(data)


def _qr(slip: Slip) -> Markup:
    """Return the QR code of a slip as inline SVG; the mini program's scanner reads it, see
    `docs/api.md`."""
    drawn = segno.make(f"linka:bind:{slip.number}:{slip.code}", error="m", micro=False)
    return Markup(drawn.svg_inline(omitsize=True, border=1, dark="#1d2a2e", svgclass="qr"))  # nosec B704 # drawn by segno


def _spaced(code: str) -> str:
    """Return a code in groups of four; spaces make no difference when it is typed."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
