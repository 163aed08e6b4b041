"""`python -m tests.identity` writes docs/access.md anew."""

import tempfile

from backend.app import create_app
from backend.config import load_settings
from tests.identity.access_page import PAGE, page
from tests.identity.test_access import OPERATIONS

with tempfile.TemporaryDirectory() as folder:
    app = create_app(load_settings({"LINKA_DATA_DIR": folder}))
    PAGE.write_text(page(app, OPERATIONS), encoding="utf-8")
    app.extensions["linka.offload"].close()
