"""Refusals of the raffle."""

from backend.errors import LinkaError, NotFound


class UnknownPrize(NotFound):
    """This activity has no such prize."""

    slug = "unknown_prize"
    zh = "没有找到这个奖项。"
    en = "This activity has no such prize."


class UnknownDraw(NotFound):
    """This activity has no such draw."""

    slug = "unknown_draw"
    zh = "没有找到这次抽奖。"
    en = "This activity has no such draw."


class UnknownPick(NotFound):
    """Nobody was drawn under this number."""

    slug = "unknown_pick"
    zh = "没有找到这位中奖者。"
    en = "This draw has no such winner."


class UnknownList(NotFound):
    """This activity has no such list."""

    slug = "unknown_list"
    zh = "没有找到这份名单。"
    en = "This activity has no such list."


class UnknownPickupCode(NotFound):
    """No winner of this activity has this code."""

    slug = "unknown_pickup_code"
    zh = "没有找到这个领奖码，请核对后再试。"
    en = "No winner has this pick-up code."


class PrizeTaken(LinkaError):
    """Another prize has this title."""

    slug = "prize_taken"
    status = 409
    zh = "已经有同名的奖项。"
    en = "Another prize has this title."


class PrizeDrawn(LinkaError):
    """A draw has committed to this prize, so it cannot be removed."""

    slug = "prize_drawn"
    status = 409
    zh = "这个奖项已经公布过抽奖，不能再删除。"
    en = "There was a draw of this prize, so it stays."


class PrizeFixed(LinkaError):
    """A draw has committed to this prize: title and `again` are part of the terms of the draw."""

    slug = "prize_fixed"
    status = 409
    zh = "这个奖项已经公布过抽奖，只能改数量，名称和“可再中奖”不能再改。"
    en = "There was a draw of this prize; only its stock can be changed."


class StockTooLow(LinkaError):
    """More of the prize have been won, or are being drawn, than the new stock has."""

    slug = "stock_too_low"
    status = 409
    zh = "已经中出和正在抽的一共 {promised} 份，数量不能比这更少。"
    en = "{promised} of this prize are won or being drawn; the stock cannot be lower."


class ListInUse(LinkaError):
    """A draw was made from this list, and its record names the list."""

    slug = "list_in_use"
    status = 409
    zh = "已经用这份名单抽过奖，不能再删除。"
    en = "There was a draw from this list, so it stays."


class DrawUnderWay(LinkaError):
    """The last draw is neither drawn nor abandoned."""

    slug = "draw_under_way"
    status = 409
    zh = "上一次抽奖还没有抽完，请先抽完或作废。"
    en = "The last draw is not over yet."


class PoolEmpty(LinkaError):
    """Nobody fits the rule of the pool."""

    slug = "pool_empty"
    status = 409
    zh = "没有符合条件的人可以参加这次抽奖。"
    en = "Nobody can take part in this draw."


class NotEnoughStock(LinkaError):
    """Fewer of the prize are left."""

    slug = "not_enough_stock"
    status = 409
    zh = "这个奖项剩下的数量不够。"
    en = "Fewer of this prize are left."


class DrawBegun(LinkaError):
    """Somebody was drawn: it can no longer be abandoned."""

    slug = "draw_begun"
    status = 409
    zh = "已经有人中奖，这次抽奖不能作废。"
    en = "Somebody was drawn; this draw can no longer be abandoned."


class DrawNotBegun(LinkaError):
    """Nobody was drawn: there is nothing to reveal."""

    slug = "draw_not_begun"
    status = 409
    zh = "还没有开始抽，种子不能公布。"
    en = "Nobody was drawn yet; the seed stays sealed."


class DrawAbandoned(LinkaError):
    """The draw was abandoned."""

    slug = "draw_abandoned"
    status = 409
    zh = "这次抽奖已经作废。"
    en = "This draw was abandoned."


class SeedRevealed(LinkaError):
    """The seed is public, so everybody could compute who is next; nobody is drawn any more."""

    slug = "seed_revealed"
    status = 409
    zh = "种子已经公布，不能再抽；可以另开一次抽奖。"
    en = "The seed is known; nobody is drawn any more. Begin another draw."


class WordFixed(LinkaError):
    """The draw has begun with another word, or with none."""

    slug = "word_fixed"
    status = 409
    zh = "已经开抽，现场的词不能再换。"
    en = "The draw has begun; its word can no longer be changed."


class AlreadyHandedOver(LinkaError):
    """The prize was handed over before."""

    slug = "already_handed_over"
    status = 409
    zh = "奖品已经领走，不能再记为未到场。"
    en = "The prize was handed over already."


class NotCalled(LinkaError):
    """A winner who was never called cannot be marked as absent."""

    slug = "not_called"
    status = 409
    zh = "请先呼叫中奖者上台，等待时间过后才能记为未到场。"
    en = "Call the winner first; after the waiting time you may note them as absent."


class StillWaiting(LinkaError):
    """The waiting time after the call is not over; `seconds_left` says how much of it is left."""

    slug = "still_waiting"
    status = 409
    zh = "还在等待中奖者上台，{seconds_left} 秒后才能记为未到场。"
    en = "The winner is waited for; {seconds_left} more seconds."
