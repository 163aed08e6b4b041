"""gunicorn's target: the app that the master has built, with connections of this worker's own."""

from backend import logs
from backend.app import equip
from backend.clock import SystemClock
from backend.config import load_settings
from backend.db import open_database
from backend.postgres import FOR_REQUESTS
from backend.preloaded import app
from backend.vitals import Vitals

_settings = load_settings()
logs.configure(_settings, for_good=True)
equip(app, _settings, SystemClock(), open_database(_settings, FOR_REQUESTS))
Vitals(app).start()
