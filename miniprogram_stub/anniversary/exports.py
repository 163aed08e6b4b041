"""Downloads every list as Excel, and the record of every draw."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.ideas import wordings


class Exports:
    """Downloads lists, counts their rows, and saves them if a folder is given."""

    def __init__(self, hall: Hall, folder: Path | None) -> None:
        self._hall = hall
        self._folder = folder

    def run(
        self, poll_id: int, options: int, hits: int, picks: int, proofs: Sequence[dict[str, Any]]
    ) -> None:
        """Download everything; raises `OSError` if the folder cannot be written."""
        polls, keywords, raffle = (self._hall.path(k) for k in ("polls", "keywords", "raffle"))
        self._hall.steps.begins("导出", 4 + len(proofs))
        self._sheet(f"{polls}/suggestions.xlsx", len(wordings()), "建议.xlsx")
        self._sheet(f"{polls}/polls/{poll_id}/results.xlsx", options, "投票结果.xlsx")
        self._sheet(f"{keywords}/hits.xlsx", hits, "关键词命中.xlsx")
        self._sheet(f"{raffle}/winners.xlsx", picks, "中奖名单.xlsx")
        for proof in proofs:
            text = json.dumps(proof, ensure_ascii=False, indent=2)
            self._keep(f"抽奖记录-{proof['draw']}.json", text.encode())

    def _sheet(self, path: str, rows: int, name: str) -> None:
        data = self._hall.host.download(path)
        book = load_workbook(BytesIO(data), read_only=True)
        found = sum(1 for row in book.worksheets[0].iter_rows(min_row=2) if row[0].value)
        book.close()
        self._hall.expect(name, "行数", rows, found)
        self._keep(name, data)

    def _keep(self, name: str, data: bytes) -> None:
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(data)
        self._hall.steps.goes_on()
