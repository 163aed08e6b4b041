"""Workbooks for tests, as people's programs write them: parts of XML in a zip archive."""

import io
import zipfile

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive of parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """Return a worksheet's part; `rows` is the content of `sheetData`."""
    data = "".join(rows)
    return f'<worksheet xmlns="{TRANSITIONAL}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    """Return a row; a cell that is no XML becomes a text."""
    inner = "".join(
        cell if cell.startswith("<") or not cell else text(f"{'ABCDEFGHIJ'[at]}{number}", cell)
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}" {attributes}>{inner}</row>'


def text(reference: str, content: str) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{content}</t></is></c>'


def book(
    *sheets: str,
    titles: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    strings: str | None = None,
    styles: str | None = None,
    properties: str = "",
    main: str = TRANSITIONAL,
    relations: str = RELATIONS,
    media: int = 0,
) -> bytes:
    """Return a workbook of worksheets, and with so many pictures."""
    listed, related, parts = "", "", {}
    for at, content in enumerate(sheets):
        title = titles[at] if titles else f"Sheet{at + 1}"
        state = f' state="{states[at]}"' if states and states[at] else ""
        listed += f'<sheet name="{title}" sheetId="{at + 1}"{state} r:id="rId{at + 1}"/>'
        related += _relation(f"rId{at + 1}", f"{relations}/worksheet", f"worksheets/sheet{at}.xml")
        parts[f"xl/worksheets/sheet{at}.xml"] = content
    for name, kind, content in (
        ("sharedStrings", "sharedStrings", strings),
        ("styles", "styles", styles),
    ):
        if content is not None:
            related += _relation(name, f"{relations}/{kind}", f"{name}.xml")
            parts[f"xl/{name}.xml"] = content
    for at in range(media):
        parts[f"xl/media/image{at}.png"] = "x"
    workbook = (
        f'<workbook xmlns="{main}" xmlns:r="{relations}"><workbookPr {properties}/>'
        f"<sheets>{listed}</sheets></workbook>"
    )
    root = _relation("rId1", f"{relations}/officeDocument", "xl/workbook.xml")
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>',
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>'
            ),
            **parts,
        }
    )


def styles(*codes: str, bulk: str = "") -> str:
    """Return a part of styles: style 0 is General, style 1 has the first of these formats."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(codes)
    )
    used = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(codes)))
    return (
        f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts>{formats}</numFmts>{bulk}'
        f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


def _relation(id_: str, type_: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{type_}" Target="{target}"/>'
