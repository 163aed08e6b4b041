"""Tables that hosts can import: a kind of activity names them, see `Kind.imports`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableImport:
    """A table that can be imported into an activity; addresses are below `/api/v1`.

    `path` takes the file, and `<path>/preview` shows what the import would do; both behave as
    `backend.web.imports` says. `asks_title` is true for tables that are stored under a title.
    """

    title: str
    hint: str
    path: str
    template: str
    asks_title: bool = False


@dataclass(frozen=True)
class ShelfItem:
    """A named set of material, with the number of its entries."""

    name: str
    title: str
    count: int


@dataclass(frozen=True)
class Shelf:
    """Material that serves all events, such as word packs.

    Below `path` each set has `<name>/imports`; `download` is the address of its file, with `{name}`
    in it.
    """

    title: str
    unit: str
    hint: str
    path: str
    download: str
    items: tuple[ShelfItem, ...]
