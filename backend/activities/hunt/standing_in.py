"""What a test player of a rehearsal does in a hunt: digs, thinks, answers."""

from backend.activities.hunt import digs
from backend.activities.hunt.digs import HuntNow
from backend.activities.hunt.models import HuntAnswer
from backend.activities.hunt.play import HuntPlay
from backend.activities.hunt.service import SentHuntAnswer
from backend.events.kinds import StandIn
from backend.questions import marking

FIRST_TOKEN = 1


def stand_in(seat: StandIn) -> bool:
    """Open a question, or answer the open one. Raises the refusals that a player gets."""
    activity, player = seat.activity, seat.player
    key = seat.tools.secret.key("hunts")
    calendar = seat.tools.scores.calendar
    ground = HuntNow(activity, activity.event, digs.sittings_of(activity.id), calendar, key)
    site = seat.random.choice(ground.settings["sites"])["key"]
    dig, is_new = digs.begin_dig(seat.tools.scores.database, ground, player, site, seat.now)
    if is_new or HuntAnswer.select().where(HuntAnswer.dig == dig).exists():
        return is_new
    question = dig.question
    choice = marking.guess(seat.random, question.kind, len(question.options))
    assert isinstance(seat.play, HuntPlay)
    seat.play.answers.submit_answer(
        SentHuntAnswer(activity.id, dig.id, player.account_id, FIRST_TOKEN, choice, seat.now)
    )
    return True
