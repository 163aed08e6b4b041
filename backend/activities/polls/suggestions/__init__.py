"""Suggestions, which the kind `polls` brings along: before a vote, people propose what to vote on.

`suggesting` is what staff do with them, `handling` what organisers do, until the best are the
options of a poll. The package knows polls; of polls only `kind` knows it.
"""
