"""Refusals of look-ups."""

from backend.errors import Forbidden, LinkaError


class QuestionsOfStaff(Forbidden):
    """Only staff may ask questions; the centre does not answer guests."""

    slug = "staff_asks"
    zh = "绑定工号以后才能提问。"
    en = "Only staff may ask."


class TooManyWaiting(LinkaError):
    """Too many questions of the caller still wait for an answer."""

    slug = "too_many_waiting"
    status = 409
    zh = "你已有 {most} 个问题在等回答，先等一等。"
    en = "{most} of your questions are waiting for an answer."


class QuestionAnswered(LinkaError):
    """Somebody has answered the question already."""

    slug = "question_answered"
    status = 409
    zh = "这个问题已经有人回答了。"
    en = "This question was answered already."


class NotAnswered(LinkaError):
    """The question has no answer yet, or is already a card."""

    slug = "not_for_a_card"
    status = 409
    zh = "回答了的问题才能做成卡片，而且只能做一次。"
    en = "A card is made of an answered question, once."
