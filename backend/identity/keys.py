"""What 工号 and names are compared by, wherever they come from: rosters, lists, binding, roles."""

from backend.visible import half_width

# The dots between the parts of a name, as keyboards and fonts have them; some are letters to Excel.
_DOTS = "·•・‧∙⋅●‣◦.。"
_DROPPED = str.maketrans("", "", _DOTS)


def normal_number(number: str) -> str:
    """Return a 工号 as the roster stores it: half-width, upper-case, without spaces."""
    return "".join(half_width(number).split()).upper()


def normal_name(name: str) -> str:
    """Return what two spellings of one name have in common; it is for comparing only.

    Width, case, spaces, invisible characters and the kind of dot make no difference.
    """
    return "".join(half_width(name).split()).translate(_DROPPED).casefold()
