"""Linka's engine: events, activities, points and live boards behind a WeChat mini program.

The packages, from the lowest to the highest. Each imports only those listed above it;
`docs/architecture.md` has a picture.

* `keys`, `redis_address`, `metric_files`, `phrases`: keys derived from the secret; the address of Redis; the
  files of metrics; a packed dictionary.
* `clock`, `config`, `metrics`, `dictionaries`, `visible`: time, settings, metrics, dictionaries of Chinese,
  which characters can be seen.
* `errors`, `write_lock`, `chinese`, `likeness`: refusals, the lock of SQLite's writers, how texts compare.
* `bundle`, `postgres`, `progress`, `write_group`: checked archives, connections to PostgreSQL, progress
  bars, transactions that writers of SQLite share.
* `replica`: connections to a replica of PostgreSQL for reports.
* `db`, `logs`, `gathering`, `kept_counts`, `offload`: the database; log lines; batches of concurrent calls; counts for many; long
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
* `lookup`: buses, shifts, the canteen and keyword answers; questions that wait for an answer.
* `posts`: columns and posts between events, their audience, who has read them.
* `people`: what colleagues are shown of each other, such as birthdays.
* `phones`: a phone's socket, its messages in both directions; the pacemaker of live games.
* `screen`, `report`: the big screen and the landing page; the report of an event.
* `console`: web pages for hosts, trainers, team leaders and admins.
* `parts`, `forked`: builds the collaborators that the server, the worker and commands share; child
  processes that are copies of this one.
* `app`, `processes`, `vitals`, `sample`: the Flask app, the supervisor, measurements of a process, the
  sample centre.
* `retention`, `archive`: erases old rows; files of single events.
* `backup`: copies the whole database.
* `doctor`, `cluster`: examines an installation; starts many processes on one machine, for development.
* `shell`, `wsgi`, `preloaded`, `serving`: the objects that commands use; the entry points of gunicorn.
* `background`, `preparing`, `starting`, `readiness`: `linka worker`; settings, database and sample; `linka up`;
  when a server can be used.
* `cli`, `forkserver`: the command line; the process that forks gunicorn and `linka worker`.
* `migrations`: the changes of the tables, in order.
"""
