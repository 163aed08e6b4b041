"""Linka's engine: events, activities, points and live boards behind a WeChat mini program.

A map of the house, from the ground up; imports only point downwards in this list reversed:

* `clock`, `config`, `errors`, `db`: time, settings, facts that end a request, the database.
* `chinese`, `dictionaries`, `likeness`: what texts have in common however they were typed.
* `web`: what every blueprint shares. It knows no feature.
* `offload`: long computations run in child processes.
* `gathering`: many ask at once, one goes for all.
* `wechat`, `live`: WeChat's server API; the feed, the hub, lines to phones, the private Redis server.
* `identity`: accounts, the staff roster, roles, tokens.
* `events`: events, their activities and sittings, players, lifecycle, visibility.
* `scoring`: the ledger, standings, leaderboards, receipts, corrections.
* `questions`: banks, versions, import and export.
* `moderation`: what people wrote or drew, before others see it.
* `activities`: one package per kind of activity.
* `phones`: a phone's socket, what it is shown and may say; the pacemaker of live games.
* `screen`: the big screen.
* `parts`, `app`, `wsgi`, `preloaded`, `cli`, `processes`: how all of it is put together and run.
"""
