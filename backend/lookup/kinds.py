"""The kinds of rows that can be imported, by name."""

from backend.lookup.buses import Buses
from backend.lookup.canteen import Canteen
from backend.lookup.cards import Cards
from backend.lookup.duties import Shifts
from backend.lookup.tables import RowKind

KINDS: dict[str, RowKind] = {kind.name: kind for kind in (Buses(), Shifts(), Canteen(), Cards())}
