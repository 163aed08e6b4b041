"""`linka worker`: the process in the background."""

import threading
from functools import partial

import click

from backend.events.kinds import Tools
from backend.parts import scoring
from backend.people import newcomers
from backend.phones.crowd import Crowd
from backend.phones.pacemaker import Pacemaker
from backend.postgres import FOR_WORKER
from backend.posts import weekly
from backend.posts.drafting import Drafts
from backend.retention import Housekeeper
from backend.scoring.reconciler import Reconciler
from backend.shell import Shell


@click.command()
@click.pass_obj
def worker(shell: Shell) -> None:
    """后台进程：让排行榜与账本一致，到点的环节自动进行。 Repair boards, and advance games in time."""
    shell.limits = FOR_WORKER
    shell.wait_for_database()
    scores, handled = scoring(shell.settings, shell.database, shell.redis)
    reconciler = Reconciler(handled, shell.redis, shell.clock)
    tools = Tools(scores, shell.feed, shell.redis, shell.settings.secret)
    live = shell.kinds.plays(tools)
    crowd = Crowd(shell.kinds, live, tools, shell.clock)
    threading.Thread(target=crowd.run, name="crowd", daemon=True).start()
    housekeeper = Housekeeper(shell.database, shell.settings, shell.clock, handled)
    due = (
        partial(weekly.draft, shell.database, scores.calendar),
        partial(newcomers.draft, shell.database, shell.settings.timezone),
    )
    drafts = Drafts(shell.database, shell.clock, due)

    def look() -> None:
        reconciler.look()
        housekeeper.look()
        drafts.look()

    Pacemaker(live, shell.database, shell.clock).run(look)
