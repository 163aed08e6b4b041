"""Text as people type it into cells, made fit for keeping and for matching."""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Drop characters that nobody can see or that no database takes, and trim."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def plain(text: str) -> str:
    """Fold full-width letters, digits and signs to half-width: for matching, not for keeping."""
    return unicodedata.normalize("NFKC", text).strip()
