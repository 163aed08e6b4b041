"""The language of sentences: Chinese unless the caller asks for English."""

from functools import lru_cache

from flask import has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

_HEADERS_KEPT = 64

_STATUS_SENTENCES = {
    400: ("请求格式有误。", "The request is malformed."),
    404: ("没有找到。", "Not found."),
    405: ("不支持这种请求方式。", "This method is not supported here."),
    406: ("不支持所要求的格式。", "The format asked for is not offered."),
    408: ("内容传得太慢，请重试。", "The content came too slowly; please try again."),
    413: ("内容太大。", "The content is too large."),
    414: ("网址太长。", "The address is too long."),
    415: ("请以 JSON 格式提交。", "Please send JSON."),
    422: ("提交的内容有误，请检查后再试。", "What was sent is not valid."),
    431: ("请求头太大。", "The headers are too large."),
    500: ("服务器出错了，我们已经记录下来。", "Something went wrong on our side; it was logged."),
}


def language() -> str:
    """Return `zh` or `en` for this request."""
    if not has_request_context():
        return "zh"
    return language_of(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(_HEADERS_KEPT)
def language_of(accepted: str) -> str:
    """Return `zh` or `en` for an `Accept-Language` header, which may be empty."""
    return parse_accept_header(accepted, LanguageAccept).best_match(["zh", "en"], "zh") or "zh"


def sentence_for_status(status: int) -> str:
    """Return the sentence for an HTTP error that is not a `LinkaError`."""
    zh, en = _STATUS_SENTENCES.get(status, ("请求无法完成。", "The request cannot be fulfilled."))
    return en if language() == "en" else zh
