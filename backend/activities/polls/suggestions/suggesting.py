"""Actions of staff: propose a suggestion, support one."""

import hashlib

from backend.activities.polls.suggestions import errors
from backend.activities.polls.suggestions.models import Suggestion, SuggestionSupport
from backend.chinese import normalised
from backend.db import Database
from backend.events import lifecycle
from backend.events.models import Activity, Player
from backend.events.players import StaffOnly
from backend.moderation.errors import UnknownPicture
from backend.moderation.models import ModerationItem
from backend.moderation.moderator import PICTURE_KIND, Author, Moderator
from backend.moderation.policy import APPROVED
from backend.visible import bare

COLLECTING, ADOPTED, DONE, DECLINED = "collecting", "adopted", "done", "declined"
STATUSES = (COLLECTING, ADOPTED, DONE, DECLINED)


def propose(
    moderator: Moderator,
    activity: Activity,
    player: Player,
    text: str,
    picture_id: int | None,
    now: int,
) -> tuple[Suggestion, bool]:
    """Suggest something; returns (suggestion, whether it is new). The proposer is its first supporter.

    The text is checked before the transaction that holds the suggestion, its item in moderation and
    the support. The same text from the same person again is the same suggestion. Raises
    `StaffOnly`, `WritingBlocked`, `UnknownPicture` or what `lifecycle.require_playing` does.
    """
    if player.staff_id is None:
        raise StaffOnly
    lifecycle.require_playing(activity.event, now)
    digest = hashlib.sha256(bare(text).encode()).hexdigest()
    known = _of_digest(activity, player, digest)
    if known is not None:
        return known, False
    author = Author(activity.event_id, player.account_id, player.id)
    _require_own_picture(author, picture_id)
    finding = moderator.examine(author, text, now)
    with moderator.database.write():
        item = moderator.take_text(author, text, finding, now)
        words = {"text": text, "plain": normalised(text), "digest": digest}
        parts = {"item": item, "picture": picture_id, "created_at": now, "changed_at": now}
        made = Suggestion.insert_new(activity=activity, player=player, **words, **parts)
        if made is None:
            item.delete_instance()
        else:
            _add_supporter(made, player, now)
    if made is not None:
        moderator.tell(item)
    found = _of_digest(activity, player, digest)
    assert found is not None
    return found, made is not None


def _of_digest(activity: Activity, player: Player, digest: str) -> Suggestion | None:
    return Suggestion.get_or_none(
        Suggestion.activity == activity, Suggestion.player == player, Suggestion.digest == digest
    )


def _require_own_picture(author: Author, picture_id: int | None) -> None:
    if picture_id is None:
        return
    own = (
        (ModerationItem.id == picture_id)
        & (ModerationItem.event == author.event_id)
        & (ModerationItem.account_id == author.account_id)
        & (ModerationItem.kind == PICTURE_KIND)
    )
    if not ModerationItem.select().where(own).exists():
        raise UnknownPicture


def support(
    database: Database, activity: Activity, player: Player, suggestion_id: int, now: int
) -> tuple[Suggestion, bool]:
    """Support a suggestion; returns the one that counts the support, and whether it is new.

    For a merged one that is the one it was merged into, also when the merge happens at the same
    moment. A repeat changes nothing, whatever the status of the suggestion. Raises `StaffOnly`,
    `UnknownSuggestion`, `NotCollecting` or what `lifecycle.require_playing` does.
    """
    if player.staff_id is None:
        raise StaffOnly
    lifecycle.require_playing(activity.event, now)
    with database.write():
        # Makes merges wait, so that no supporter is added to a suggestion whose supporters were
        # moved.
        database.share(activity.id)
        named = get(activity.id, suggestion_id)
        _require_shown(named, player)
        target = merged_into_or_itself(named)
        _require_shown(target, player)
        known = SuggestionSupport.get_or_none(
            SuggestionSupport.suggestion == target, SuggestionSupport.player == player
        )
        if known is not None:
            return target, False
        if target.status != COLLECTING:
            raise errors.NotCollecting
        news = _add_supporter(target.id, player, now)
    return target, news


def _add_supporter(suggestion_id: int, player: Player, now: int) -> bool:
    made = SuggestionSupport.insert_new(suggestion=suggestion_id, player=player, at=now)
    return made is not None


def get(activity_id: int, suggestion_id: int) -> Suggestion:
    """Return a suggestion with its text in moderation; raises `UnknownSuggestion`."""
    found = (
        Suggestion.select(Suggestion, ModerationItem)
        .join(ModerationItem, on=Suggestion.item)
        .where(Suggestion.id == suggestion_id, Suggestion.activity == activity_id)
        .first()
    )
    if found is None:
        raise errors.UnknownSuggestion
    return found


def merged_into_or_itself(suggestion: Suggestion) -> Suggestion:
    """Return the suggestion that one was merged into, or itself."""
    if suggestion.merged_into_id is None:
        return suggestion
    return get(suggestion.activity_id, suggestion.merged_into_id)


def _require_shown(suggestion: Suggestion, player: Player) -> None:
    if suggestion.item.status != APPROVED and suggestion.player_id != player.id:
        raise errors.UnknownSuggestion


def proposers(suggestion_id: int) -> frozenset[int]:
    """Return whose a suggestion is: its proposer, and those whose own was merged into it."""
    concerned = (Suggestion.id == suggestion_id) | (Suggestion.merged_into == suggestion_id)
    return frozenset(
        player_id for (player_id,) in Suggestion.select(Suggestion.player).where(concerned).tuples()
    )
