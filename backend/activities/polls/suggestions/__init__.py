"""Suggestions, a part of the kind `polls`: staff propose what a later poll will vote on.

`suggesting` has the actions of staff, `handling` those of organisers, who make the best ones
options of a poll. This package imports `polls`; of `polls` only `kind` imports it.
"""
