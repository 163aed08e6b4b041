"""The console: web pages for hosts, trainers, team leaders and admins at `/host`.

Pages read through the same services as the API. Changes go through the API alone, with the cookie
of the console (`static/act.js`), so that rights, checks and audit stand in one place.
"""
