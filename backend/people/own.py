"""What is stored of a person's birthday, for the export and the erasure of a person's data."""

from typing import Any

from backend.identity.models import Staff
from backend.identity.principal import Principal
from backend.people import birthdays
from backend.people.models import BirthdayChoice


class BirthdayRecords:
    """The birthday of the roster and who may see it; both are erased with the account."""

    name = "birthday"

    def stored(self, who: Principal) -> list[dict[str, Any]]:
        """Return the birthday and the choice of a person."""
        if who.person is None:
            return []
        found = birthdays.own(who.person)
        return [{"birthday": found.birthday, "choice": found.choice}]

    def forget(self, account_id: int) -> None:
        """Erase both."""
        mine = Staff.select(Staff.id).where(Staff.account == account_id)
        BirthdayChoice.delete().where(BirthdayChoice.staff.in_(mine)).execute()
        Staff.update(birthday="").where(Staff.account == account_id).execute()
