"""People who play: how much they know, how fast they are, and what habits they have. A player
decides and calls nothing. Every random choice comes from the player's own generator, so a player
with the same seed makes the same choices about the same questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from miniprogram_stub.centre import AnswerBook, RosterLine

# A fast person needs some seconds for a question, a slow one most of a usual countdown.
QUICKEST_SECONDS = 4.0
SLOWEST_SECONDS = 26.0


@dataclass(frozen=True)
class PlayerProfile:
    """A kind of people. `skill` is the probability of a right answer; a speed of 1 is the fastest.
    The other numbers are probabilities for each dig; `peeks` is that of reading the board after it.
    """

    title: str
    skill: float
    speed: float
    favourite_sites: int = 3
    snoozes: float = 0.02
    gives_up: float = 0.005
    comes_late: float = 0.005
    double_taps: float = 0.05
    peeks: float = 0.2


PLAYER_PROFILES = (
    PlayerProfile("业务能手", skill=0.93, speed=0.8, double_taps=0.03),
    PlayerProfile("老师傅", skill=0.88, speed=0.4, favourite_sites=5, snoozes=0.05),
    PlayerProfile("急性子", skill=0.62, speed=1.0, double_taps=0.25, peeks=0.5),
    PlayerProfile("慢性子", skill=0.75, speed=0.1, comes_late=0.02, peeks=0.1),
    PlayerProfile("新人", skill=0.45, speed=0.35, gives_up=0.02, favourite_sites=2),
    PlayerProfile("电话不断的", skill=0.7, speed=0.5, snoozes=0.15, gives_up=0.01),
    PlayerProfile("凑热闹的", skill=0.3, speed=0.7, gives_up=0.04, peeks=0.6),
)


class StubPlayer:
    """One person with a profile."""

    def __init__(self, profile: PlayerProfile, random: Random) -> None:
        self.profile = profile
        self._random = random
        self._favourites: list[str] | None = None

    def site(self, sites: Sequence[Mapping[str, Any]]) -> str:
        """Choose where to dig: mostly at one of this player's favourite sites."""
        keys = [str(site["key"]) for site in sites]
        if self._favourites is None:
            count = min(self.profile.favourite_sites, len(keys))
            self._favourites = self._random.sample(keys, count)
        liked = [key for key in self._favourites if key in keys]
        return self._random.choice(liked if liked and self._random.random() < 0.7 else keys)

    def think_seconds(self) -> float:
        """Return how long this player takes over a question without a time limit."""
        usual = SLOWEST_SECONDS - (SLOWEST_SECONDS - QUICKEST_SECONDS) * self.profile.speed
        return usual * self._random.uniform(0.7, 1.3)

    def choice(self, question: Mapping[str, Any], right: Sequence[str] | None) -> list[str]:
        """Return the keys to answer with; for a question that the player does not know, a guess."""
        keys = _keys(question)
        if right is None:
            return self._guess(question["kind"], keys)
        if self._random.random() < self.profile.skill:
            return list(right)
        return self._mistake(question["kind"], keys, right)

    def snoozes(self) -> bool:
        """Whether a customer rings while the question is open."""
        return self._random.random() < self.profile.snoozes

    def gives_up(self) -> bool:
        """Whether the question stays without an answer."""
        return self._random.random() < self.profile.gives_up

    def comes_late(self) -> bool:
        """Whether the answer comes after the deadline."""
        return self._random.random() < self.profile.comes_late

    def double_taps(self) -> bool:
        """Whether the player taps twice."""
        return self._random.random() < self.profile.double_taps

    def peeks(self) -> bool:
        """Whether the player reads the board afterwards."""
        return self._random.random() < self.profile.peeks

    def spread(self, seconds: float) -> float:
        """Return a length around so many seconds, from half of it to one and a half."""
        return seconds * self._random.uniform(0.5, 1.5)

    def _guess(self, kind: str, keys: Sequence[str]) -> list[str]:
        count = self._random.randint(2, len(keys)) if kind == "multiple" else 1
        return sorted(self._random.sample(keys, min(count, len(keys))))

    def _mistake(self, kind: str, keys: Sequence[str], right: Sequence[str]) -> list[str]:
        """Another choice than the right one; of several right options one may be forgotten."""
        others = [key for key in keys if key not in right]
        if kind != "multiple":
            return [self._random.choice(others)]
        if len(right) > 1 and (not others or self._random.random() < 0.5):
            return sorted(self._random.sample(list(right), len(right) - 1))
        return sorted([*right, self._random.choice(others)])


def _keys(question: Mapping[str, Any]) -> list[str]:
    return [str(option["key"]) for option in question["options"]] or ["T", "F"]


@dataclass
class PhoneHolder:
    """A person of the roster who holds a phone, how they play, and the answers that people know."""

    staff: RosterLine
    player: StubPlayer
    answers: AnswerBook


def draw_player(number: int, seed: int) -> StubPlayer:
    """Return player `number` of an evening: profiles take turns, the chance is the player's."""
    profile = PLAYER_PROFILES[number % len(PLAYER_PROFILES)]
    return StubPlayer(profile, Random(f"{seed}:player:{number}"))
