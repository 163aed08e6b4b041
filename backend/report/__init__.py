"""The report of an event (活动报道), for its hosts.

It tells who took part, what was played, what to teach next, and how the event compares with the
last one of the same template. Its figures are computed from rows on request; nothing is stored.
`Kind.report` contributes what belongs to a kind of activity.
"""
