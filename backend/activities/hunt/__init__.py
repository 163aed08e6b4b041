"""“美多”大淘金: sites on a map, a question under each, gold for right answers.

The way of an answer: `api` → `schemas` → `service.submit_answer` → `rules` → one transaction (unique
answer, unique score entry, standings) → the board → the feed.
"""
