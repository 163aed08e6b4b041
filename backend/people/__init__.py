"""What colleagues are shown of each other between events.

birthdays  month and day from the roster, with the person's consent: a card on the day, a list for the 生日会
newcomers  whose first day it is by the roster, and the draft of a post that welcomes them
teams      what teams say about themselves, their members and their places in events
own        what is stored of a person, for export and erasure
"""
