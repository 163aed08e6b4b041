"""Builds what screens, phones and hosts see of polls. Results are shown by `results` only."""

import json
from collections.abc import Mapping
from typing import Any

from backend.activities.polls import hall_codes, persons, rules, tallies
from backend.activities.polls.ballots import REASONS, key_of
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollFlag,
    PollOption,
    PollRefusal,
    PollSignature,
    PollTally,
    PollVoter,
)
from backend.activities.polls.service import CLOSED, DRAFT, OPEN
from backend.activities.polls.steps import PollStage
from backend.events import visibility
from backend.events.models import Activity, Player
from backend.events.visibility import View
from backend.moderation.view import picture_path

# What the big screen has room for.
SCREEN_ENTRIES, SCREEN_ROWS = 32, 10
HIDDEN, TOO_FEW, SHOWN = "hidden", "too_few", "shown"
NAMED_NOTICE = "本次投票为实名投票：主办方可以看到你的选择。"
UNKNOWN_NOTICE = "部分微信号无法核对是不是同一个人：同一人可能用两个微信号各投一票。"
HALL_NOTICE = "投票时请输入大屏幕上的现场码。"
ANONYMOUS_NOTICE = "本次投票为匿名投票：任何人都无法知道你投了谁，主办方也不例外。"


def shows_results(poll: Poll, view: View) -> bool:
    """Say whether the results are shown: to hosts always, to others once a host shows them."""
    return visibility.shows_held_back(bool(poll.results_shown), view)


def sees(poll: Poll, view: View) -> bool:
    """Say whether a poll is seen at all: drafts are the hosts'."""
    return visibility.shows_held_back(poll.state != DRAFT, view)


def options_of(poll: Poll) -> list[PollOption]:
    """Return the options of a poll by number."""
    return list(PollOption.select().where(PollOption.poll == poll).order_by(PollOption.number))


def summary(poll: Poll) -> dict[str, Any]:
    """Return the facts and the state of a poll, without its options."""
    tally = PollTally.get_or_none(PollTally.poll == poll)
    persons_known = persons.all_known(poll)
    return {
        "id": poll.id,
        "number": poll.number,
        "title": poll.title,
        "description": poll.description,
        "state": poll.state,
        "method": poll.method,
        "most_choices": poll.most_choices,
        "places": poll.places,
        "anonymous": poll.anonymous,
        "notice": _notice(poll, persons_known),
        "persons_known": persons_known,
        "hall_code": poll.hall_salt is not None,
        "guests_allowed": poll.guests_allowed,
        "changes_allowed": poll.changes_allowed,
        "daily_quota": poll.daily_quota,
        "entry_order": poll.entry_order,
        "runoff_of": poll.runoff_of_id,
        "display": poll.display,
        "results_shown": bool(poll.results_shown),
        "too_few": too_few(poll, tally),
        "on_screen": poll.staged_at is not None,
        "opened_at": poll.opened_at,
        "closed_at": poll.closed_at,
        "reminded_at": poll.reminded_at,
        "turnout": turnout(poll, tally),
    }


def too_few(poll: Poll, tally: PollTally | None) -> bool:
    """Say whether an anonymous poll has too few ballots for results, so that nobody sees any."""
    return bool(poll.anonymous) and tallies.outcome_of(tally) is None


def _notice(poll: Poll, persons_known: bool) -> str:
    """Return what people are told before they vote."""
    sentences = [ANONYMOUS_NOTICE if poll.anonymous else NAMED_NOTICE]
    if poll.hall_salt is not None:
        sentences.append(HALL_NOTICE)
    if not persons_known:
        sentences.append(UNKNOWN_NOTICE)
    return "".join(sentences)


def current_hall_code(poll: Poll, view: View, now: int) -> dict[str, Any]:
    """Return `{"current_hall_code": …}` for screens that were let in and for hosts, else nothing.

    Its value is the code with the moment of the next one, null while no ballot needs one.
    """
    if not visibility.shows_in_hall(view):
        return {}
    if poll.hall_salt is None or poll.state != OPEN:
        return {"current_hall_code": None}
    code = hall_codes.code_at(poll.hall_salt, now)
    return {"current_hall_code": {"code": code, "changes_at": hall_codes.changes_at(now)}}


def turnout(poll: Poll, tally: PollTally | None) -> dict[str, Any]:
    """Return how many ballots are valid, from whom, and how many were refused, by class."""
    found = dict(
        PollRefusal.select(PollRefusal.reason, PollRefusal.count)
        .where(PollRefusal.poll == poll)
        .tuples()
    )
    return {
        "valid": tally.ballots if tally else 0,
        "staff": tally.staff if tally else 0,
        "guests": tally.guests if tally else 0,
        "refused": sum(found.values()),
        "refused_by_reason": {reason: found.get(reason, 0) for reason in REASONS},
    }


def detail(poll: Poll, view: View, player: Player | None, now: int) -> dict[str, Any]:
    """Return a poll with its options in the viewer's order, and its results if they are shown."""
    options = options_of(poll)
    by_id = {option.id: option for option in options}
    player_id = player.id if player and not visibility.sees_all(view) else None
    order = rules.ordered(poll.entry_order, list(by_id), poll.id, player_id)
    return {
        **summary(poll),
        **current_hall_code(poll, view, now),
        "options": [shown_option(by_id[option_id], poll.activity.event_id) for option_id in order],
        "results": results(poll, options, view),
    }


def shown_option(option: PollOption, event_id: int) -> dict[str, Any]:
    """Return an option as it can be voted for."""
    return {
        "id": option.id,
        "number": option.number,
        "title": option.title,
        "description": option.description,
        "video_url": option.video_url,
        "picture_id": option.picture_id,
        "picture_path": option.picture_id and picture_path(event_id, option.picture_id),
        "direct": bool(option.direct),
    }


def results(poll: Poll, options: list[PollOption], view: View) -> dict[str, Any]:
    """Return the results: `hidden`, `too_few` for an anonymous poll below five, or `shown`."""
    if not shows_results(poll, view):
        return {"state": HIDDEN}
    tally = PollTally.get_or_none(PollTally.poll == poll)
    if too_few(poll, tally):
        return {"state": TOO_FEW}
    outcome = tallies.outcome_of(tally)
    counted = tally.counted if tally else 0
    outcome = outcome or rules.outcome(poll.method, [option.id for option in options], {})
    tied = rules.tied(outcome, poll.places)
    winners = rules.winners(outcome, poll.places)
    guests = tallies.guest_votes_of(tally) if tally else None
    out = _rounds_of_exit(outcome)
    rows = [
        {
            "option_id": option.id,
            "number": option.number,
            "title": option.title,
            "direct": bool(option.direct),
            "picture_id": option.picture_id,
            "votes": outcome.votes.get(option.id, 0),
            "guest_votes": None if guests is None else guests.get(option.id, 0),
            "share": _share(outcome.votes.get(option.id, 0), counted),
            "place": outcome.places.get(option.id),
            "tied": option.id in tied,
            "won": option.id in winners,
            "shares_place": _shares_place(outcome.places, option.id),
            "out_in_round": out.get(option.id),
        }
        for option in options
    ]
    rows.sort(key=lambda row: (row["place"] or 0, row["number"]))
    return {
        "state": SHOWN,
        "counted": counted,
        "final": poll.state == CLOSED,
        "tied": tied,
        "rows": rows,
        "rounds": [_round(one) for one in outcome.rounds],
    }


def _share(votes: int, ballots: int) -> float:
    """Return the share of ballots that named an option, in percent."""
    return round(100 * votes / ballots, 1) if ballots else 0.0


def _shares_place(places: Mapping[int, int], option_id: int) -> bool:
    own = places.get(option_id)
    return sum(place == own for place in places.values()) > 1


def _rounds_of_exit(outcome: rules.PollOutcome) -> dict[int, int]:
    """Return the rounds of a ranked count in which options were eliminated."""
    return {option: number for number, one in enumerate(outcome.rounds, 1) for option in one.out}


def _round(one: rules.Round) -> dict[str, Any]:
    votes = [{"option_id": option, "votes": votes} for option, votes in one.votes.items()]
    return {"votes": votes, "out": one.out, "exhausted": one.exhausted}


def stages(activity: Activity) -> list[PollStage]:
    """Return the states of the polls of an activity, by number."""
    tallies_of = {
        tally.poll_id: tally
        for tally in PollTally.select().join(Poll).where(Poll.activity == activity)
    }
    return [
        PollStage(
            poll.id,
            poll.title,
            poll.state,
            on_screen=poll.staged_at is not None,
            results_shown=bool(poll.results_shown),
            valid=tallies_of[poll.id].ballots if poll.id in tallies_of else 0,
            too_few=too_few(poll, tallies_of.get(poll.id)),
        )
        for poll in Poll.select().where(Poll.activity == activity).order_by(Poll.number)
    ]


def staged(activity_id: int) -> Poll | None:
    """Return the poll that is on the screen."""
    return (
        Poll.select()
        .where(Poll.activity == activity_id, Poll.staged_at.is_null(False))
        .order_by(Poll.staged_at.desc(), Poll.number.desc())
        .first()
    )


def on_screen(poll: Poll, view: View, now: int) -> dict[str, Any]:
    """Return what screens and phones are shown of the poll on the screen.

    Everybody gets it once a second, so it holds no more than a screen has room for: of results the
    first rows, of entries the first by number and without their descriptions.
    """
    options = options_of(poll)
    found = results(poll, options, view)
    found.pop("rounds", None)
    if "rows" in found:
        found["rows"] = found["rows"][:SCREEN_ROWS]
    shown = {
        **summary(poll),
        **current_hall_code(poll, view, now),
        "option_count": len(options),
        "options": [_card(option) for option in options[:SCREEN_ENTRIES]],
        "results": found,
    }
    return {"phase": poll.state, "since": poll.staged_at, "poll": shown}


def _card(option: PollOption) -> dict[str, Any]:
    return {
        "id": option.id,
        "number": option.number,
        "title": option.title,
        "picture_id": option.picture_id,
        "direct": bool(option.direct),
    }


def ballots_left(poll: Poll, names: list[str], day: str) -> int:
    """Return how many ballots a person of these names has left, on a business day where there is a
    quota."""
    used = (
        PollVoter.select(PollVoter.nth)
        .where(
            PollVoter.poll == poll,
            PollVoter.day == (day if poll.daily_quota else ""),
            PollVoter.voter.in_(names),
        )
        .distinct()
    )
    return max(0, (poll.daily_quota or 1) - used.count())


def own(
    poll: Poll, player: Player, names: list[str], day: str, receipts: list[str]
) -> dict[str, Any]:
    """Return a player's own part: how many ballots are left, and those that can be shown.

    Of a named poll those of the player, of an anonymous one those that the phone has receipts of.
    `names` are the person's, see `persons`.
    """
    held = {key_of(poll.id, receipt) for receipt in receipts}
    signed = _signed_by(poll, player)
    found = PollBallot.select().where(PollBallot.poll == poll, PollBallot.key.in_([*held, *signed]))
    return {
        "ballots_left": ballots_left(poll, names, day),
        "ballots": [
            {"choice": json.loads(ballot.choice), "key": None if poll.anonymous else ballot.key}
            for ballot in found
            if visibility.shows_ballot(
                poll.anonymous,
                View.OWN,
                is_signer=ballot.key in signed,
                has_receipt=ballot.key in held,
            )
        ],
    }


def _signed_by(poll: Poll, player: Player) -> set[str]:
    rows = PollSignature.select(PollSignature.key).where(
        PollSignature.poll == poll, PollSignature.player_id == player.id
    )
    return {key for (key,) in rows.tuples()}


def flags(poll: Poll) -> list[dict[str, Any]]:
    """Return the bursts of a poll, the largest first."""
    query = PollFlag.select().where(PollFlag.poll == poll)
    return [
        {
            "kind": flag.kind,
            "address": flag.address,
            "day": flag.day,
            "minute_at": flag.minute_at,
            "ballots": flag.ballots,
        }
        for flag in query.order_by(PollFlag.ballots.desc(), PollFlag.mark)
    ]
