"""What hosts fill in as tables: a kind of activity says which it takes, see `Kind.imports`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableImport:
    """A table that an activity takes, with addresses below `/api/v1`.

    `path` takes the file, and `<path>/preview` shows what would come of it; both as
    `backend.web.imports` says. `asks_title` is for tables that are kept under a title.
    """

    title: str
    hint: str
    path: str
    template: str
    asks_title: bool = False


@dataclass(frozen=True)
class ShelfItem:
    """A set of material by its name, with the number of its entries."""

    name: str
    title: str
    count: int


@dataclass(frozen=True)
class Shelf:
    """Material that serves all events, such as word packs.

    Below `path` each set has `<name>/imports`, and `download` is where it is downloaded from, with
    `{name}` in it.
    """

    title: str
    unit: str
    hint: str
    path: str
    download: str
    items: tuple[ShelfItem, ...]
