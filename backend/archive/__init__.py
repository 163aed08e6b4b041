"""The archive of an event: one file with what was configured, the ledger and the boards.

An archive names people by 工号 and numbers activities, teams, players and entries from 1, so that
it means the same in every installation. It has no keys, tokens or WeChat identities, and no data of
guests. `docs/operating.md` describes the format.
"""

KIND = "linka-event"
