"""“摇一摇”: rounds of shaking, as a race, a tug-of-war, a game of luck or a lucky draw.

The way of a shake report: `play` → `rules.accepted` → `tally` (this process' memory) → `counts` (one
sorted set in Redis that all processes share). When the round is over: `counts` → `rules.ranked` →
`scoring`, one transaction of results and score entries → the boards → the feed.
"""
