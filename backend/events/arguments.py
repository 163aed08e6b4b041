"""What commands have in common: an event named by its id or its join code."""

from typing import Any

import click

from backend.events import service


class EventArgument(click.ParamType):
    """Reads an event's id or join code as its id. Where both fit, the id counts.

    It needs `ctx.obj.database`. A text that can be neither is a mistake of usage (exit code 2), an
    event that does not exist a refusal (exit code 1).
    """

    name = "event"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the id of the event."""
        if isinstance(value, int):
            return value
        if not service.can_name(value):
            self.fail(f"{value!r} is neither an event's id nor a join code.", param, ctx)
        assert ctx is not None
        ctx.obj.database.check()
        found = service.named(value)
        if found is None:
            raise click.ClickException(f"没有编号或加入码为 {value} 的活动（not_found）")
        return int(found.id)


EVENT = EventArgument()
