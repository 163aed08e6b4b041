"""Linka's engine: events, activities, points and live boards behind a WeChat mini program.

A map of the house, from the ground up; imports only point downwards in this list reversed:

* `clock`, `config`, `errors`, `db`: time, settings, facts that end a request, the database.
* `web`: what every blueprint shares. It knows no feature.
* `wechat`, `live`: WeChat's server API; the feed, the hub and the private Redis server.
* `identity`: accounts, the staff roster, roles, tokens.
* `events`: events, their activities and sittings, players, lifecycle, visibility.
* `scoring`: the ledger, standings, leaderboards, receipts, corrections.
* `questions`: banks, versions, import and export.
* `activities`: one package per kind of activity.
* `screen`: the big screen.
* `app`, `wsgi`, `cli`, `processes`: how all of it is put together and run.
"""
