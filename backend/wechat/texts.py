"""WeChat's check of texts, with the access token that it takes."""

from backend.wechat.client import TextOpinion, TokenRefused, WeChatClient
from backend.wechat.tokens import AccessTokens


class TextCheck:
    """Asks WeChat what it thinks of a text; a token that is refused is renewed, once."""

    def __init__(self, client: WeChatClient, tokens: AccessTokens) -> None:
        self._client = client
        self._tokens = tokens

    def ask(self, openid: str, text: str) -> TextOpinion:
        """Return WeChat's opinion of what somebody wrote; up to a few seconds, never more.

        Raises `WeChatBusy` or `WeChatMisconfigured`.
        """
        token = self._tokens.get()
        try:
            return self._client.check_text(token, openid, text)
        except TokenRefused:
            return self._client.check_text(self._tokens.renew(token), openid, text)
