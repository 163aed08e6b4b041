"""Linka's engine: events, activities, points and live boards behind a WeChat mini program.

The packages, from the lowest to the highest. Each imports only those listed above it;
`docs/architecture.md` has a picture.

* `clock`, `config`, `errors`, `postgres`, `db`, `keys`, `logs`: time, settings, refusals, the database, derived
  keys, log lines.
* `visible`, `chinese`, `dictionaries`, `likeness`: which characters are seen, and how texts compare.
* `sheets`: tables from Excel and CSV, read and written.
* `web`: what every blueprint shares. It knows no feature.
* `offload`: runs long computations in child processes.
* `gathering`: batches concurrent calls into one transaction or one round trip.
* `selection`: reads rows of hand-written SQL by name.
* `intake`: takes what many send at once: answers, replies, ballots, logins.
* `wechat`, `live`: WeChat's server API; the feed, the hub, sockets to phones, the private Redis server.
* `identity`: accounts, the staff roster, invite codes, roles, tokens, the audit.
* `events`: events, their activities and sittings, players, lifecycle, visibility.
* `scoring`: the ledger, standings, leaderboards, receipts, corrections.
* `questions`: question banks, their versions, import and export.
* `moderation`: checks what people wrote or drew before others see it.
* `activities`: one package per kind of activity.
* `posts`: columns and posts between events, their audience, who has read them.
* `lookup`: buses, shifts, the canteen and keyword answers; questions that wait for an answer.
* `phones`: a phone's socket, the messages it may send and gets; the pacemaker of live games.
* `screen`: the big screen and the landing page.
* `retention`: erases what is older than the settings say.
* `parts`, `app`, `wsgi`, `preloaded`, `cli`, `processes`, `sample`: how all of it is built and run.
"""
