"""`linka-stub keep-playing`: several kinds at once, each again and again until the time is over.

Each evening is a `linka-stub play` in a process of its own.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import click

from miniprogram_stub.live.evening import KINDS as LIVE

HUNT = "hunt"
DIFFERENT = 1
LAST_LINES = 12
# After an evening that could not be played.
PAUSE_SECONDS = 2.0


@dataclass
class KindPlayer:
    """Plays one kind; `codes` are the exit codes of its evenings."""

    kind: str
    phones: int
    command: Sequence[str]
    folder: Path
    codes: list[int] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The output of all evenings."""
        return self.folder / f"{self.kind}.log"

    def play_until(self, ends: float, seed: int) -> None:
        """Play until a moment of the steady clock is over; the last evening is played to its end."""
        while not self.codes or time.monotonic() < ends:
            minutes = max((ends - time.monotonic()) / 60, 0.1)
            self.codes.append(self._play(minutes, seed + len(self.codes)))
            if self.codes[-1] == DIFFERENT:
                return
            if self.codes[-1]:
                time.sleep(PAUSE_SECONDS)

    def _play(self, minutes: float, seed: int) -> int:
        """Play one evening; a hunt takes all the time that is left."""
        options = ["--kind", self.kind, "--phones", str(self.phones), "--seed", str(seed)]
        options += ["--journal", str(self.folder / f"{self.kind}.jsonl")]
        if self.kind == HUNT:
            options += ["--pace", "human", "--minutes", str(minutes)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # nosec B603 # our own command
                [*self.command, *options], stdout=output, stderr=output
            )
            return self._process.wait()

    def stop(self) -> None:
        """End the evening that is played."""
        if self._process:
            self._process.terminate()


@click.command("keep-playing")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([HUNT, *LIVE]),
    multiple=True,
    default=(HUNT, *LIVE),
    help="What to play. Default: everything.",
)
@click.option("--phones", type=click.IntRange(1, 1000), default=60, show_default=True)
@click.option("--minutes", type=click.FloatRange(0.1, 600), default=5.0, show_default=True)
@click.option("--url", help="The server. Default: where LINKA_BIND points.")
@click.option("--wechat", help="The WeChat emulator. Default: LINKA_WECHAT_URL, else beside it.")
@click.option("--seed", type=int, help="Repeat the chance of an earlier run.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Where each kind writes its journal (KIND.jsonl) and its output (KIND.log).",
)
def keep_playing(
    kinds: tuple[str, ...],
    phones: int,
    minutes: float,
    url: str | None,
    wechat: str | None,
    seed: int | None,
    folder: Path,
) -> None:
    """多种玩法同时玩，一场接一场，到点为止。 Play several kinds again and again until the time is over.

    The phones are divided among the kinds. Exits with 1 when an evening was counted again and
    differed, with 2 when a kind could not be played once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "miniprogram_stub.cli", "play"]
    for option, value in (("--url", url), ("--wechat", wechat)):
        command += [option, value] if value else []
    chance = SystemRandom().randrange(10**6) if seed is None else seed
    ends = time.monotonic() + minutes * 60
    share = max(phones // len(kinds), 1)
    players = [KindPlayer(kind, share, command, folder) for kind in kinds]
    # Seeds are far apart, so that each kind is played by other people.
    threads = [
        threading.Thread(target=player.play_until, args=(ends, chance + 1000 * place))
        for place, player in enumerate(players)
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        for player in players:
            player.stop()
        raise
    for player in players:
        _report(player)
    codes = [player.codes for player in players]
    if any(DIFFERENT in found for found in codes):
        sys.exit(DIFFERENT)
    if any(0 not in found for found in codes):
        sys.exit(2)


def _report(player: KindPlayer) -> None:
    """Print how the evenings of a kind ended, and the last lines of those that went wrong."""
    good = player.codes.count(0)
    click.echo(f"{player.kind}：{len(player.codes)} 场，{good} 场核对无误")
    if player.codes[-1]:
        lines = player.log.read_text(encoding="utf-8", errors="replace").splitlines()
        click.echo("\n".join(lines[-LAST_LINES:]), err=True)
