"""The language of sentences: Chinese unless the caller asks for English."""

from flask import has_request_context, request

_STATUS_SENTENCES = {
    400: ("请求格式有误。", "The request is malformed."),
    404: ("没有找到。", "Not found."),
    405: ("不支持这种请求方式。", "This method is not supported here."),
    406: ("不支持所要求的格式。", "The format asked for is not offered."),
    408: ("内容传得太慢，请重试。", "The content came too slowly; please try again."),
    413: ("内容太大。", "The content is too large."),
    415: ("请以 JSON 格式提交。", "Please send JSON."),
    422: ("提交的内容有误，请检查后再试。", "What was sent is not valid."),
    500: ("服务器出错了，我们已经记录下来。", "Something went wrong on our side; it was logged."),
}


def language() -> str:
    """Return `zh` or `en` for this request."""
    if not has_request_context():
        return "zh"
    return request.accept_languages.best_match(["zh", "en"], "zh") or "zh"


def sentence_for_status(status: int) -> str:
    """Return the sentence for an HTTP error that is not a `LinkaError`."""
    zh, en = _STATUS_SENTENCES.get(status, ("请求无法完成。", "The request cannot be fulfilled."))
    return en if language() == "en" else zh
