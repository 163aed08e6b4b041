"""Normal forms by which 工号 and names are compared, in rosters, lists, binding and roles."""

from backend.visible import half_width

# The characters for the dot between the parts of a name.
_DOTS = "·•・‧∙⋅●‣◦.。"
_NO_DOTS = str.maketrans("", "", _DOTS)
_ONE_DOT = str.maketrans(_DOTS, "·" * len(_DOTS))


def normal_number(number: str) -> str:
    """Return a 工号 as the roster stores it: half-width, upper-case, without spaces."""
    return _closed_up(number).upper()


def normal_name(name: str) -> str:
    """Return the normal form of a person's name, for comparing only.

    Width, case, spaces, invisible characters and dots make no difference.
    """
    return _closed_up(name).translate(_NO_DOTS).casefold()


def normal_team(name: str) -> str:
    """Return the normal form of a team's name, for comparing only.

    Dots of all kinds are equal, and are not dropped: 3.1组 is not 31组.
    """
    return _closed_up(name).translate(_ONE_DOT).casefold()


def _closed_up(text: str) -> str:
    return "".join(half_width(text).split())
