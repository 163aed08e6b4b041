"""The kinds of activity, one package each. A new kind is a new package and one line here."""

from backend.activities.contest import kind as contest
from backend.activities.drawing import kind as drawing
from backend.activities.hunt import kind as hunt
from backend.activities.keywords import kind as keywords
from backend.activities.polls import kind as polls
from backend.activities.raffle import kind as raffle
from backend.activities.shake import kind as shake

KINDS = (
    hunt.Hunt(),
    contest.ContestKind(),
    shake.Shake(),
    drawing.Drawing(),
    polls.Polls(),
    keywords.Keywords(),
    raffle.Raffle(),
)
