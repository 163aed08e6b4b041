"""Linka's engine: events, activities, points and live boards behind a WeChat mini program.

The packages, from the lowest to the highest. Each imports only those listed above it;
`docs/architecture.md` has a picture.

* `keys`, `redis_address`: keys derived from the secret; the address of Redis.
* `clock`, `config`, `metrics`, `dictionaries`, `visible`: time, settings, metrics, dictionaries of Chinese,
  which characters can be seen.
* `errors`, `turns`, `chinese`, `likeness`: refusals, the lock of SQLite's writers, how texts compare.
* `bundle`, `postgres`, `progress`: checked archives, connections to PostgreSQL, progress bars.
* `db`, `logs`, `gathering`, `offload`: the database; log lines; batches of concurrent calls; long
  computations in child processes.
* `intake`, `selection`: takes what many people send at once, such as answers and ballots; reads rows of
  hand-written SQL by name.
* `sheets`: tables from Excel and CSV, read and written.
* `web`: what every blueprint shares. It knows no feature.
* `live`, `wechat`: the feed, the hub, sockets to phones, Redis; WeChat's server API.
* `identity`: accounts, the staff roster, invite codes, roles, tokens, the audit.
* `events`: events, their activities and sittings, players, lifecycle, visibility.
* `scoring`: the ledger, standings, leaderboards, receipts, corrections.
* `questions`, `moderation`: question banks; checks of what people write or draw before others see it.
* `activities`: one package per kind of activity.
* `posts`: columns and posts between events, their audience, who has read them.
* `lookup`: buses, shifts, the canteen and keyword answers; questions that wait for an answer.
* `phones`: a phone's socket, its messages in both directions; the pacemaker of live games.
* `screen`, `report`: the big screen and the landing page; the report of an event.
* `console`: web pages for hosts, trainers, team leaders and admins.
* `parts`: builds the collaborators that the server, the worker and commands share.
* `app`, `processes`, `vitals`, `sample`: the Flask app, the supervisor, measurements of a process, the
  sample centre.
* `retention`, `archive`: erases old rows; files of single events.
* `backup`: copies the whole database.
* `doctor`, `cluster`: examines an installation; starts many processes on one machine, for development.
* `shell`, `wsgi`, `preloaded`, `serving`: the objects that commands use; the entry points of gunicorn.
* `background`, `preparing`, `starting`: `linka worker`; settings, database and sample; `linka up`.
* `cli`: the command line.
* `migrations`: the changes of the tables, in order.
"""
