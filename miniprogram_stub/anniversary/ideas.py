"""What people propose for an anniversary: a dozen ideas, each in the words of five people."""

IDEAS = (
    "办一次草地林卡野餐",
    "组织班组合唱比赛",
    "拍一张全员大合影",
    "请家人来听一天电话",
    "种一片周年纪念林",
    "做一本老照片回忆册",
    "开一场篮球友谊赛",
    "给夜班同事送热甜茶",
    "评选最暖心的一通来电",
    "放一晚露天电影",
    "学跳一支锅庄舞",
    "办旧书和玩具的爱心集市",
)
_WORDINGS = ("{}", "建议{}", "希望今年能{}", "{}，大家一起来", "周年庆可以{}吗？")


def wordings() -> list[tuple[int, str]]:
    """Return (idea, text) of all that people write, the same idea never twice in a row."""
    return [
        (number, wording.format(idea)) for wording in _WORDINGS for number, idea in enumerate(IDEAS)
    ]
