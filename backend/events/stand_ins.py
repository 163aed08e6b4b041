"""Test players (测试玩家) of a rehearsal: invented people whose accounts nobody can log in to.

Their names and teams show everywhere that they are tests. `backend.phones.crowd` lets them play.
"""

from collections.abc import Collection

from backend.events.models import Player
from backend.identity.models import Account, Staff, Team

# WeChat gives no app this id, so no login leads to such an account.
APPID = "test"
MOST = 200
PER_TEAM = 20


def count_of(event_id: int) -> int:
    """Return how many test players an event has."""
    return int(Staff.select().where(Staff.test_event_id == event_id).count())


def seated(event_id: int) -> int:
    """Return how many of them have joined."""
    people = Staff.select(Staff.id).where(Staff.test_event_id == event_id)
    return int(Player.select().where(Player.event == event_id, Player.staff_id.in_(people)).count())


def among(players: Collection[Player]) -> set[int]:
    """Return the ids of the test players among these players."""
    people = Staff.select(Staff.id).where(
        Staff.id.in_([player.staff_id for player in players]), Staff.test_event_id.is_null(False)
    )
    tests = {person_id for (person_id,) in people.tuples()}
    return {player.id for player in players if player.staff_id in tests}


def add(event_id: int, before: int, count: int, now: int) -> None:
    """Make test players until there are `count`, in the caller's transaction."""
    for number in range(before + 1, count + 1):
        team, _ = Team.get_or_create(name=_team((number - 1) // PER_TEAM + 1))
        account = Account.create(
            appid=APPID,
            openid=f"{event_id}-{number}",
            session_key="",
            session_key_updated_at=now,
            nickname=f"测试{number:03}",
            created_at=now,
            last_login_at=now,
        )
        Staff.create(
            number=f"测试{event_id}-{number:03}",
            name=f"测试{number:03}",
            team=team,
            invite_digest="",
            account=account,
            bound_at=now,
            test_event_id=event_id,
        )


def remove(event_id: int, *, keep: int = 0) -> None:
    """Remove the test players of an event except the first `keep`, in the caller's transaction."""
    found = Staff.select(Staff.id, Staff.account).where(Staff.test_event_id == event_id)
    people = list(found.order_by(Staff.id).tuples())[keep:]
    staff_ids, account_ids = [one[0] for one in people], [one[1] for one in people]
    Player.delete().where(Player.event == event_id, Player.staff_id.in_(staff_ids)).execute()
    Staff.delete().where(Staff.id.in_(staff_ids)).execute()
    Account.delete().where(Account.id.in_(account_ids), Account.appid == APPID).execute()
    names = [_team(number) for number in range(1, MOST // PER_TEAM + 1)]
    Team.delete().where(Team.name.in_(names), Team.id.not_in(Staff.select(Staff.team))).execute()


def _team(number: int) -> str:
    return f"彩排测试{number}组"
