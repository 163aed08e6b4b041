"""What look-ups store of a person, for the export and the erasure of a person's data."""

from typing import Any

from backend.identity.principal import Principal
from backend.lookup.models import Duty, LookupQuestion


class QuestionRecords:
    """Questions and their answers; they are erased with the account.

    Cards that were made of them stay, because they do not name the person who asked.
    """

    name = "lookup_questions"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return what a person has asked."""
        names = ("text", "asked_at", "promised_at", "answer", "answered_at", "seen_at")
        rows = LookupQuestion.select(*(getattr(LookupQuestion, name) for name in names))
        mine = rows.where(LookupQuestion.account == who.account_id)
        return list(mine.order_by(LookupQuestion.id).dicts())

    def forget(self, account_id: int) -> None:
        """Erase what an account has asked."""
        LookupQuestion.delete().where(LookupQuestion.account == account_id).execute()


class DutyRecords:
    """Shifts. They belong to the person of the roster and are kept."""

    name = "shifts"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return the shifts of a person."""
        if who.person is None:
            return []
        rows = Duty.select(Duty.day, Duty.shift, Duty.begins, Duty.ends)
        return list(rows.where(Duty.staff == who.person.staff_id).order_by(Duty.day).dicts())

    def forget(self, account_id: int) -> None:
        """Erase nothing: the centre's plan does not belong to the account."""
