"""Runs the whole journey: phones join, take the steps in order, and everything is counted again."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from miniprogram_stub import report
from miniprogram_stub.anniversary.exports import Exports
from miniprogram_stub.anniversary.hall import Hall
from miniprogram_stub.anniversary.phone import AnniversaryPhone
from miniprogram_stub.anniversary.prizes import RaffleRun
from miniprogram_stub.anniversary.proposing import Proposals
from miniprogram_stub.anniversary.replying import KeywordRun
from miniprogram_stub.anniversary.voting import PollRun
from miniprogram_stub.centre import Centre, RosterLine
from miniprogram_stub.evening import Evening, Recount
from miniprogram_stub.faults import FaultRates
from miniprogram_stub.host import Host

TEMPLATE = "anniversary"


class Anniversary(Evening):
    """The phones of an anniversary, and its host."""

    def invite_all(self, people: Sequence[RosterLine], fault_rates: FaultRates) -> None:
        """Give each of these people a phone."""
        for staff in people:
            self.phones.append(
                AnniversaryPhone(
                    staff,
                    self.program(staff.user, fault_rates),
                    self.journal,
                    self.random(f"phone:{staff.user}"),
                    self.stop_signal.wait,
                )
            )

    def celebrate(self, hall: Hall, join_code: str, folder: Path | None) -> None:
        """Take all steps in order, and save the exported lists in a folder; raises `NoAnniversary`,
        `Refused` and `ServerAway`."""
        hall.everybody("入场", lambda phone: phone.arrive(join_code))
        poll_id = Proposals(hall).run()
        options = PollRun(hall, poll_id).run()
        hits = KeywordRun(hall).run()
        proofs = RaffleRun(hall).run()
        picks = sum(len(proof["picks"]) for proof in proofs)
        Exports(hall, folder).run(poll_id, options, hits, picks, proofs)
        for phone in self.phones:
            phone.leaves()


class _Steps:
    """A progress bar for each step."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "_Steps":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begins(self, name: str, phones: int) -> None:
        """Show a new step."""
        if self._task is not None:
            self._progress.stop_task(self._task)
        self._task = self._progress.add_task(name, total=phones)

    def goes_on(self) -> None:
        """Show that one more phone has taken it."""
        if self._task is not None:
            self._progress.advance(self._task)


def play_anniversary(
    console: Console,
    centre: Centre,
    evening: Anniversary,
    phones: int,
    fault_rates: FaultRates,
    folder: Path | None,
) -> Recount:
    """Play the whole journey at a rehearsal event of the sample host, and count it again."""
    journal = evening.journal
    try:
        evening.invite_all(centre.pick(phones, evening.random("people")), fault_rates)
        evening.knock()
        host = Host(evening.program(centre.host.user), centre.host)
        with host.rehearsal(TEMPLATE) as event:
            report.announce(console, evening, event, event.join_code)
            facts = host.program.get(f"/events/{event.event_id}")
            activities = {item["kind"]: item["id"] for item in facts["activities"]}
            with _Steps(console) as steps:
                hall = Hall(
                    host.program,
                    event.event_id,
                    activities,
                    evening.phones,
                    journal,
                    steps,
                    evening.stop_signal.wait,
                )
                evening.celebrate(hall, event.join_code, folder)
        found = evening.recount()
        report.print_boards(console, evening)
        report.print_tallies(console, evening)
        console.print(f"另核对了 {hall.checked} 项：建议、选票、名次、奖品、导出")
        report.print_verdict(console, evening, found)
        return found
    finally:
        evening.close()
        journal.close()
