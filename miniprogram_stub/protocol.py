"""What every client of Linka must know, from `protocol.json`: the mini program reads the same file.

`python -m miniprogram_stub.protocol` writes it as `app/lib/protocol.js`, because a mini program
cannot read JSON files; a test compares the two.
"""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
SCRIPT = _FOLDER / "app" / "lib" / "protocol.js"
PROTOCOL: dict[str, Any] = json.loads((_FOLDER / "protocol.json").read_text(encoding="utf-8"))
PATHS: dict[str, str] = PROTOCOL["paths"]
TITLES: dict[str, str] = {kind: facts["title"] for kind, facts in PROTOCOL["kinds"].items()}
REQUESTS = frozenset(PROTOCOL["requests"])


def activity_path(kind: str, activity_id: int) -> str:
    """Return an activity's path below `/api/v1`, such as `/hunts/3`."""
    return f"{PROTOCOL['kinds'][kind]['path']}/{activity_id}"


def as_script() -> str:
    """Return the protocol as a script of the mini program."""
    facts = json.dumps(PROTOCOL, ensure_ascii=False, indent=2)
    return f"// Written by `python -m miniprogram_stub.protocol` from protocol.json.\nmodule.exports = {facts};\n"


if __name__ == "__main__":
    SCRIPT.write_text(as_script(), encoding="utf-8")
