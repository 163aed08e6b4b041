"""Who took part in an event, and out of how many people."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backend.events.models import Event, Player
from backend.identity.models import Staff, Team
from backend.scoring import ledger

NO_SHIFT = "没有写班次"


@dataclass(frozen=True)
class GroupTurnout:
    """How many people of a group took part, and out of how many."""

    name: str
    came: int
    heads: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return round(100 * self.came / self.heads, 1) if self.heads else 0.0


@dataclass(frozen=True)
class Turnout:
    """Staff who took part, out of all, by team and by shift; guests. The largest share comes first."""

    staff: GroupTurnout
    guests: int
    teams: list[GroupTurnout]
    shifts: list[GroupTurnout]


@dataclass(frozen=True)
class _CountedPerson:
    team: str
    shift: str
    came: bool


def who_came(event: Event) -> set[int]:
    """Return the players who came to an event, guests included."""
    rows = Player.select(Player.id).where(Player.event == event, ledger.came(event.id)).tuples()
    return {player_id for (player_id,) in rows}


def attendance(seats: Iterable[Player], came: Collection[int]) -> Turnout:
    """Count the people who came to an event, out of those on the roster and those who joined.

    A person with a seat counts with the team and shift of that day, also after leaving the roster.
    A person of the roster without a seat counts with those of today. `seats` are the active ones,
    `came` those of `who_came`.
    """
    seats = list(seats)
    seated = {seat.staff_id: seat for seat in seats if seat.staff_id is not None}
    people = [
        _CountedPerson(seat.team_name or "", seat.shift or NO_SHIFT, came=seat.id in came)
        for seat in seated.values()
    ]
    roster = (
        Staff.select(Staff.id, Team.name, Staff.shift)
        .join(Team)
        .where(Staff.active, Staff.test_event_id.is_null())
        .tuples()
    )
    people += [
        _CountedPerson(team, shift or NO_SHIFT, came=False)
        for staff_id, team, shift in roster
        if staff_id not in seated
    ]
    return Turnout(
        staff=GroupTurnout("", sum(one.came for one in people), len(people)),
        guests=sum(seat.staff_id is None and seat.id in came for seat in seats),
        teams=_shares((one.team, one.came) for one in people),
        shifts=_shares((one.shift, one.came) for one in people),
    )


def _shares(people: Iterable[tuple[str, bool]]) -> list[GroupTurnout]:
    heads: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for name, was_there in people:
        heads[name] += 1
        came[name] += was_there
    shares = [GroupTurnout(name, came[name], count) for name, count in heads.items()]
    return sorted(shares, key=lambda one: (-one.percent, -one.came, one.name))
