"""A whole evening written in rows: what people of the sample centre would have left in an event.

`python -m tests.report.evening DATABASE_URL EVENT_ID PEOPLE [SEED]` writes one into a database, for
tests and pictures that look at a running server.
"""

import json
import math
import random
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import peewee

from backend.activities.contest.models import ContestAnswer, ContestRound
from backend.activities.drawing.models import (
    DrawingGame,
    DrawingGuess,
    DrawingRoom,
    DrawingTurn,
    DrawingVote,
)
from backend.activities.hunt.models import Dig, HuntAnswer, Treasure, TreasureClaim
from backend.activities.keywords.models import Keyword, KeywordHit
from backend.activities.polls import tallies
from backend.activities.polls.models import Poll, PollBallot, PollOption, PollVoter
from backend.activities.raffle.models import RaffleDraw, RaffleEntry, RafflePick, RafflePrize
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.clock import SystemClock
from backend.db import Database, Model
from backend.events.models import Activity, Event, EventTeam, Player
from backend.identity.models import Staff, Team
from backend.questions.models import Question, QuestionBank
from backend.scoring import ledger
from backend.scoring.ledger import Award, Calendar

MINUTE = 60_000
CALENDAR = Calendar("Asia/Shanghai", 6)
# Accounts that nobody logs in with.
STRANGERS = 1_000_000
ROUNDS, DIGS, TURNS = 8, 4, 8
WORDS = ("酥油茶", "牦牛", "经幡", "布达拉宫", "青稞", "雪山", "藏靴", "锅庄")


class WrittenEvening:
    """Writes the evening of an event that was made from a template, activity by activity.

    Each player has a skill, which decides how often they answer correctly. The event is closed at
    the end.
    """

    def __init__(
        self, database: Database, event: Event, people: int, now: int, seed: int = 1
    ) -> None:
        self._database = database
        self._event = event
        self._random = random.Random(seed)
        self.began_at = now - 150 * MINUTE
        self._now = now
        self._people = people
        self.players: list[Player] = []
        self._skill: dict[int, float] = {}

    def play(self) -> None:
        """Write all of it."""
        Event.update(opens_at=self.began_at, began_at=self.began_at - MINUTE).where(
            Event.id == self._event.id
        ).execute()
        self._join()
        for activity in self._event.activities.order_by(Activity.position, Activity.id):
            getattr(self, f"_play_{activity.kind}")(activity)
        Event.update(state="closed", closed_at=self._now - 5 * MINUTE).where(
            Event.id == self._event.id
        ).execute()

    def _at(self, minutes: float) -> int:
        return self.began_at + int(minutes * MINUTE)

    def _join(self) -> None:
        staff = list(Staff.select(Staff, Team).join(Team).where(Staff.active).order_by(Staff.id))
        # Some people come to both of two evenings.
        came = self._random.sample(staff[: 2 * self._people], min(self._people, len(staff)))
        came.sort(key=lambda person: person.id)
        teams = {person.team_id: person.team.name for person in came}
        heads = dict(
            Staff.select(Staff.team, peewee.fn.COUNT(Staff.id))
            .where(Staff.active)
            .group_by(Staff.team)
            .tuples()
        )
        _insert(
            EventTeam,
            [
                {"event": self._event, "team_id": one, "name": name, "headcount": heads[one]}
                for one, name in teams.items()
            ],
        )
        _insert(
            Player,
            [
                {
                    "event": self._event,
                    "account_id": STRANGERS + person.id,
                    "staff_id": person.id,
                    "name": person.name,
                    "staff_number": person.number,
                    "team_id": person.team_id,
                    "team_name": person.team.name,
                    "shift": person.shift,
                    "joined_at": (joined_at := self._at(20 * self._random.random() ** 2)),
                    # Some phones never connected: points show that their players came.
                    "came_at": joined_at if person.id % 7 else None,
                }
                for person in came
            ],
        )
        self.players = list(Player.select().where(Player.event == self._event).order_by(Player.id))
        for player in self.players:
            self._skill[player.id] = self._random.betavariate(4, 2)
            ledger.enrol(self._database, player, self._now)

    def _award(
        self, activity: Activity, reason: str, source: str, earned: Iterable[tuple[int, int, int]]
    ) -> None:
        """Give players points: (player, points, moment), each player once at most."""
        awards = [
            Award(
                event_id=self._event.id,
                player_id=player,
                activity_id=activity.id,
                points=points,
                reason=reason,
                source=f"{source}:{player}",
                rule_version="test-1",
                earned_at=at,
            )
            for player, points, at in earned
        ]
        for start in range(0, len(awards), 200):
            ledger.write_all(self._database, awards[start : start + 200], CALENDAR, self._now)

    def _questions(self, activity: Activity, count: int) -> list[Question]:
        banks = activity.settings["banks"]
        found = list(
            Question.select()
            .where(Question.current, Question.bank.in_(_banks(banks)))
            .order_by(Question.id)
        )
        return self._random.sample(found, count)

    def _choice(self, player: Player, question: Question, hard: float) -> tuple[str, bool]:
        """Return a player's answer; the first wrong option is chosen most often."""
        if self._random.random() < self._skill[player.id] * (1 - hard):
            return ",".join(question.key), True
        letters = "TF" if question.kind == "truefalse" else "ABCDEF"[: len(question.options)]
        wrong = [letter for letter in letters if [letter] != list(question.key)]
        return self._random.choices(wrong, range(len(wrong), 0, -1))[0], False

    def _play_hunt(self, activity: Activity) -> None:
        questions = self._questions(activity, 30)
        sites = [site["key"] for site in activity.settings["sites"]]
        for slot in range(1, DIGS + 1):
            opened = [
                {
                    "activity": activity,
                    "player": player,
                    "site": self._random.choice(sites),
                    "question": self._random.choice(questions),
                    "option_order": "ABCD",
                    "opened_at": self._at(20 + 8 * slot + 6 * self._random.random()),
                    "limit_seconds": 40,
                    "day": CALENDAR.day(self.began_at),
                    "slot": slot,
                }
                for player in self.players
                if player.joined_at < self._at(20 + 8 * slot)
            ]
            _insert(Dig, opened)
            digs = Dig.select().where(Dig.activity == activity, Dig.slot == slot)
            self._answer_digs(activity, list(digs), {one.id: one for one in questions})
        treasure = Treasure.select().where(Treasure.activity == activity).first()
        for number, dig in enumerate(Dig.select().where(Dig.activity == activity).limit(3), 1):
            facts = {"player": dig.player_id, "dig": dig, "number": number, "at": dig.opened_at}
            TreasureClaim.create(treasure=treasure, **facts)

    def _answer_digs(
        self, activity: Activity, digs: Sequence[Dig], questions: dict[int, Question]
    ) -> None:
        players = {player.id: player for player in self.players}
        answers, earned = [], []
        for dig in digs:
            hard = (dig.question_id % 7) / 10
            choice, right = self._choice(players[dig.player_id], questions[dig.question_id], hard)
            at = dig.opened_at + self._random.randint(3_000, 38_000)
            points = 40 + self._random.randint(0, 20) if right else 0
            answers.append(
                {
                    "dig": dig,
                    "activity_id": activity.id,
                    "player": dig.player_id,
                    "question_id": dig.question_id,
                    "choice": choice,
                    "correct": right,
                    "points": points,
                    "streak_before": 0,
                    "streak": int(right),
                    "elapsed_ms": at - dig.opened_at,
                    "answered_at": at,
                }
            )
            earned.append((dig.player_id, points, at))
        _insert(HuntAnswer, answers)
        self._award(activity, "answer", f"dig-{digs[0].slot if digs else 0}", earned)

    def _play_contest(self, activity: Activity) -> None:
        for position, question in enumerate(self._questions(activity, ROUNDS), 1):
            shown = self._at(65 + 2 * position)
            one = ContestRound.create(
                activity=activity,
                position=position,
                question=question,
                seconds=20,
                shown_at=shown,
                revealed_at=shown + 25_000,
            )
            answers, earned = [], []
            for player in self.players:
                if self._random.random() < 0.08:
                    continue
                choice, right = self._choice(player, question, 0.07 * position)
                used = self._random.randint(1_500, 19_000)
                points = 100 + (20_000 - used) // 200 if right else 0
                answers.append(
                    {
                        "round": one,
                        "player": player,
                        "choice": choice,
                        "used_ms": used,
                        "answered_at": shown + used,
                        "correct": right,
                        "points": points,
                        "streak": int(right),
                    }
                )
                earned.append((player.id, points, shown + used))
            _insert(ContestAnswer, answers)
            self._award(activity, "answer", f"contest:{one.id}", earned)

    def _play_shake(self, activity: Activity) -> None:
        begun = self._at(90)
        one = ShakeRound.create(
            activity=activity,
            number=1,
            mode="race",
            begun_at=begun,
            starts_at=begun + 3_000,
            seconds=30,
            seed="seed",
            under_way=None,
            scored_at=begun + 40_000,
        )
        counts = {player.id: self._random.randint(40, 210) for player in self.players}
        order = sorted(counts, key=lambda player: (-counts[player], player))
        points = activity.settings["points_by_place"]
        results = [
            {
                "round": one,
                "player": player,
                "count": counts[player],
                "value": counts[player],
                "place": place,
                "points": points[place - 1] if place <= len(points) else 5,
            }
            for place, player in enumerate(order, 1)
        ]
        _insert(ShakeResult, results)
        earned = [(row["player"], row["points"], begun + 40_000) for row in results]
        self._award(activity, "shake", f"shake:{one.id}", earned)

    def _play_drawing(self, activity: Activity) -> None:
        began = self._at(95)
        DrawingGame.create(
            activity=activity,
            began_at=began,
            ended_at=began + 10 * MINUTE,
            finished_at=began + 15 * MINUTE,
        )
        room = DrawingRoom.create(activity=activity, number=1, ended_at=began + 10 * MINUTE)
        drawers = self.players[:TURNS]
        for number, drawer in enumerate(drawers, 1):
            word = WORDS[(number - 1) % len(WORDS)]
            turn = DrawingTurn.create(
                activity=activity,
                room=room,
                number=number,
                drawer=drawer,
                offers=[{"text": word, "category": "高原", "difficulty": 1}],
                fallback=0,
                choice=0,
                draw_seconds=60,
                began_at=began + number * MINUTE,
                chosen_at=began + number * MINUTE + 3_000,
                ended_at=began + number * MINUTE + 50_000,
                ending="time",
                ink=_sketch(number),
            )
            guessed = [player for player in self.players[:12] if player.id != drawer.id][:number]
            at = began + number * MINUTE + 30_000
            _insert(
                DrawingGuess,
                [
                    {"turn": turn, "player": player, "used_ms": 20_000, "at": at, "points": 30}
                    for player in guessed
                ],
            )
            earned = [(player.id, 30, at) for player in guessed]
            self._award(activity, "drawing", f"drawing:{turn.id}", earned)
        turns = list(DrawingTurn.select().where(DrawingTurn.activity == activity))
        votes = [
            {"activity": activity, "player": player, "turn": turns[at % 3], "at": self._at(108)}
            for at, player in enumerate(self.players[:20])
            if turns
        ]
        _insert(DrawingVote, votes)

    def _play_polls(self, activity: Activity) -> None:
        poll = Poll.select().where(Poll.activity == activity).order_by(Poll.number).first()
        options = list(PollOption.select().where(PollOption.poll == poll))
        voters = self.players[: max(5, len(self.players) * 3 // 4)]
        _insert(
            PollVoter,
            [
                {"poll": poll, "day": "", "voter": f"{letter}{number}", "nth": 1}
                for player in voters
                for letter, number in (("a", player.account_id), ("s", player.staff_id))
            ],
        )
        _insert(
            PollBallot,
            [
                {
                    "poll": poll,
                    "key": f"key-{player.id}",
                    "choice": json.dumps([self._random.choices(options, (4, 3, 2, 1))[0].id]),
                }
                for player in voters
            ],
        )
        poll.state, poll.casts, poll.results_shown = "closed", len(voters), True
        poll.opened_at, poll.closed_at = self._at(110), self._at(120)
        poll.save()
        tallies.count(poll, final=True)

    def _play_keywords(self, activity: Activity) -> None:
        words = Keyword.select().where(Keyword.activity == activity, ~Keyword.decoy)
        for at, word in enumerate(words.order_by(Keyword.number)):
            opened = self._at(122 + 3 * at)
            Keyword.update(opened_at=opened, closed_at=opened + MINUTE).where(
                Keyword.id == word.id
            ).execute()
            quick = self._random.sample(self.players, min(word.places, len(self.players)))
            hits = [
                {
                    "activity": activity,
                    "word": word,
                    "player": player,
                    "place": place,
                    "turn": at + 1,
                    "points": word.points,
                    "at": opened + 500 * place,
                }
                for place, player in enumerate(quick, 1)
            ]
            _insert(KeywordHit, hits)
            earned = [(hit["player"].id, hit["points"], hit["at"]) for hit in hits]
            self._award(activity, "keyword", f"keyword:{word.id}", earned)

    def _play_raffle(self, activity: Activity) -> None:
        prizes = RafflePrize.select().where(RafflePrize.activity == activity)
        rest = self._random.sample(self.players, min(16, len(self.players)))
        for number, prize in enumerate(prizes.order_by(RafflePrize.position), 1):
            winners, rest = rest[: prize.stock], rest[prize.stock :]
            begun = self._at(130 + 3 * number)
            draw = RaffleDraw.create(
                activity=activity,
                prize=prize,
                number=number,
                count=prize.stock,
                rule={},
                who="所有人",
                pool_size=len(self.players),
                seed="seed",
                salt="salt",
                commitment="commitment",
                under_way=None,
                committed_at=begun - MINUTE,
                begun_at=begun,
                done_at=begun,
            )
            for turn, player in enumerate(winners, 1):
                self._pick(draw, prize, turn, player)

    def _pick(self, draw: RaffleDraw, prize: RafflePrize, turn: int, player: Player) -> None:
        person = f"s{player.staff_id}"
        entry = RaffleEntry.create(
            draw=draw,
            number=turn,
            tag=person,
            person=person,
            player_id=player.id,
            staff_id=player.staff_id,
            name=player.name,
            staff_number=player.staff_number,
            team_name=player.team_name,
        )
        RafflePick.create(
            event_id=self._event.id,
            activity=draw.activity,
            draw=draw,
            prize=prize,
            entry=entry,
            turn=turn,
            person=person,
            once=1,
            item=turn,
            status="won",
            code=f"{draw.id}-{turn}",
            drawn_at=draw.begun_at,
        )


def _banks(names: Sequence[str]) -> Any:
    return QuestionBank.select(QuestionBank.id).where(QuestionBank.name.in_(list(names)))


def _insert(table: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 200):
        table.insert_many(rows[start : start + 200]).execute()


def _sketch(number: int) -> list[dict[str, Any]]:
    """Return a drawing: mountains, a sun, and a meadow that is filled."""
    ridge = [(0, 500)]
    for at in range(1, 11):
        ridge.append((at * 100, 420 - int(160 * abs(math.sin(at * number / 2)))))
    ridge[-1] = (1000, 500)
    sun = [(750 + int(70 * math.cos(at)), 150 + int(70 * math.sin(at))) for at in range(8)]
    return [
        _stroke(1, 0, ridge),
        _stroke(2, 6, [*sun, sun[0]]),
        {"op": "fill", "colour": 8 + number % 3, "x": 500, "y": 700},
        {"op": "fill", "colour": 10, "x": 20, "y": 20},
        _stroke(3, 4, [(300, 600), (360, 540), (420, 600), (300, 600)]),
    ]


def _stroke(stroke: int, colour: int, points: Sequence[tuple[int, int]]) -> dict[str, Any]:
    flat = list(points[0])
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        flat += [x1 - x0, y1 - y0]
    return {"op": "draw", "stroke": stroke, "colour": colour, "width": 2, "points": flat}


def write(database: Database, event_id: int, people: int, now: int, seed: int = 1) -> None:
    """Write an evening in one transaction."""
    with database.write():
        WrittenEvening(database, Event.get_by_id(event_id), people, now, seed).play()


def main() -> None:
    """Write an evening into the database that the command line names."""
    url, event_id, people, *seed = sys.argv[1:]
    database = Database(url)
    write(database, int(event_id), int(people), SystemClock().now(), *map(int, seed))
    database.close()


if __name__ == "__main__":
    main()
