"""The kinds of activity, one package each. A new kind is a new package and one line here."""

from backend.activities.contest.kind import ContestKind
from backend.activities.drawing.kind import Drawing
from backend.activities.hunt.kind import Hunt
from backend.activities.keywords.kind import Keywords
from backend.activities.polls.kind import Polls
from backend.activities.raffle.kind import Raffle
from backend.activities.shake.kind import Shake
from backend.events.kinds import Kinds

KINDS = Kinds(Hunt(), ContestKind(), Shake(), Drawing(), Keywords(), Raffle(), Polls())
