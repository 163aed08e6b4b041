"""The report of an event (活动报道): who took part, what was played, what to teach next, and how it
was in comparison with the last event of the same template.

It is for the event's hosts. Its figures are computed from rows when they are asked for; nothing is
stored. What a kind of activity contributes comes from `Kind.report`.
"""
