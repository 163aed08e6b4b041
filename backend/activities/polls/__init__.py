"""Polls: the vote of an anniversary or of a chorus contest, with heats, final and run-offs.

The way of a ballot: `api` → `ballots` → `rules.normal_choice` → one transaction (who voted, what was
voted, the refusals) → `tallies`, at most every second → `view` → the screen. What an anonymous
poll keeps of a ballot is said in `models`.

Before the vote there are suggestions, see the package `suggestions`.
"""
