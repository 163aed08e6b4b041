"""gunicorn's target."""

from backend import logs
from backend.app import create_app
from backend.config import load_settings
from backend.vitals import Vitals

_settings = load_settings()
logs.configure(_settings, for_good=True)
app = create_app(_settings)
Vitals(app).start()
