"""The console: web pages for hosts, trainers, team leaders and admins at `/host`.

Pages read through the same services as the API. They change things through the API alone, with the
cookie of the console (`static/act.js`), so rights, checks and audit stand in one place.
"""
