"""你画我猜: one draws, the others guess, in rooms of a few or one room for the whole hall.

The way of a guess: `play` or `api` → `service.guess` → `rules` and `guessing` → one unique row → the
feed. Points are awarded once, when the turn is over, by `settling`.
"""
