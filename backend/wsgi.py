"""gunicorn's target."""

from backend import logs
from backend.activities.drawing import chinese
from backend.app import create_app
from backend.config import load_settings

# The dictionaries are read now, and not when somebody guesses.
__all__ = ["app", "chinese"]

_settings = load_settings()
logs.configure(_settings)
app = create_app(_settings)
