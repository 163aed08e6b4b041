"""What WeChat's documentation, SDKs and captured answers say, in one place.

Lengths are in seconds. Where the sources are silent or disagree, the constant stands under
"Assumptions" and says what was assumed: change it here when more is known.
"""

from dataclasses import dataclass
from typing import Final

# Codes of wx.login
CODE_SECONDS: Final = 300
LOGIN_GRANT: Final = "authorization_code"

# Access tokens
TOKEN_GRANT: Final = "client_credential"
TOKEN_SECONDS: Final = 7200
TOKEN_OVERLAP_SECONDS: Final = 300
FORCE_REFRESH_GAP_SECONDS: Final = 30

# The check of texts
CHECK_VERSION: Final = 2
CHECK_SCENES: Final = (1, 2, 3, 4)
CHECK_SECONDS_AFTER_USE: Final = 2 * 3600
"""Only of people who used the mini program so lately is a text checked."""
CHECK_CHARACTERS: Final = 2500
PASS, REVIEW, RISKY = "pass", "review", "risky"
LABELS: Final = {
    100: "ok",
    10001: "ads",
    20001: "politics",
    20002: "porn",
    20003: "abuse",
    20006: "crime",
    20008: "fraud",
    20012: "vulgar",
    20013: "copyright",
    21000: "other",
}
CLEAN_LABEL: Final = 100

# Signatures with the session key
SIGNATURE_METHOD: Final = "hmac_sha256"


@dataclass(frozen=True)
class Quotas:
    """How many calls are answered: per person, per app; per minute, per day."""

    logins_per_user_minute: int = 100
    token_per_day: int = 2_000  # assumed: no official figure was found
    stable_token_per_minute: int = 10_000
    stable_token_per_day: int = 500_000
    force_refresh_per_day: int = 20
    text_checks_per_minute: int = 4_000
    text_checks_per_day: int = 2_000_000


# Assumptions
CODE_MEMORY_SECONDS: Final = 600
"""How long a code is remembered after its issue. Later it is as unknown as one never issued."""
UNKNOWN_CODE_ERRCODE: Final = 40029
"""What a forgotten or never issued code gets, however often it is tried."""
EXPIRED_CODE_ERRCODE: Final = 40029
"""40029 rather than 42003; the attempt burns the code like any other failed one."""
QUOTA_REFUSAL_BURNS_CODE: Final = False
"""45011 says "retry next minute", so the same code must still be good then."""
SESSION_KEY_SECONDS: Final = 3 * 24 * 3600
"""WeChat decides on the life of a session key and does not tell."""
NO_SESSION_KEY_ERRCODE: Final = 87009
"""checksession for somebody whose key has expired or never was: the one documented refusal."""
BAD_TOKEN_SECRET_ERRCODE: Final = 40125
"""A wrong secret at the token endpoints: 40125 rather than the older 40001."""
MALFORMED_TOKEN_ERRCODE: Final = 40014
"""An access token that never was one by its look."""
UNKNOWN_TOKEN_ERRCODE: Final = 40001
"""An access token that looks right but is not known, or was replaced by a newer one."""
EXPIRED_TOKEN_ERRCODE: Final = 42001
FORCE_REFRESH_OVERLAP_SECONDS: Final = 0
"""A forced refresh kills the token before it at once."""
FORCE_REFRESH_OVER_DAY_ERRCODE: Final[int | None] = None
"""None: over the daily number the token is just not refreshed, as when the calls come too fast."""
TOKEN_MEMORY_SECONDS: Final = 24 * 3600
"""How long a dead token still gets the errcode that says why it is dead."""
SUSPICIOUS_TEXTS: Final = {
    "特3456书yuuo莞6543李zxcz蒜7782法fgnv级": (RISKY, 20002),
    "完2347全dfji试3726测asad感3847知qwez到": (RISKY, 20003),
    "测试违规": (RISKY, 20003),
    "测试广告": (RISKY, 10001),
    "测试复核": (REVIEW, 20012),
}
"""What a text must contain to be suspicious, and as what: the first two are the documentation's
own examples, the others are ours. Their labels are assumed."""
TEXT_TOO_LONG_ERRCODE: Final = 40097
"""A text beyond 2,500 characters: the documentation names the limit and no errcode."""
PROBABILITY: Final = 90
QUOTA_DAY_STARTS_UTC_SECONDS: Final = -8 * 3600
"""Daily quotas start anew at midnight in Beijing; minutes are minutes of the clock."""
JSON_CONTENT_TYPE: Final = "application/json; encoding=utf-8"
"""Real answers come as JSON or as text/plain; the fault `text_plain` gives the other."""

ERROR_TEXTS: Final = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40033: "invalid charset, \\uxxxx is not allowed",
    40037: "invalid template_id",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40226: "code blocked",
    40243: "appsecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41003: "refresh_token missing",
    41004: "appsecret missing",
    41008: "missing code",
    41009: "missing openid",
    41030: "invalid page",
    42001: "access_token expired",
    42002: "refresh_token expired",
    42003: "oauth_code expired",
    42007: "the user changed the password",
    43001: "require GET method",
    43002: "require POST method",
    43003: "require https",
    43101: "user refuse to accept the msg",
    43104: "this appid does not have permission",
    44002: "empty post data",
    44990: "reach second quota limit",
    44991: "reach minute quota limit",
    44993: "reach day quota limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45015: "response out of time limit",
    45047: "out of response count limit",
    47001: "data format error",
    47003: "argument invalid",
    48001: "api unauthorized",
    48006: "reach max clear quota limit",
    50004: "forbid to use token because of internal reasons",
    50007: "account is frozen",
    61010: "code is expired",
    87007: "session_key is not existed or expired",
    87008: "invalid sig_method",
    87009: "invalid signature",
    87014: "risky content",
    87020: "repeat request limit",
    89503: "this ip needs the administrator's confirmation",
    89506: "this ip was rejected by the administrator within 24 hours",
    89507: "this ip was rejected by the administrator within 1 hour",
}
