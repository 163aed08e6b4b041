"""抢答: a kind of activity that exists in tests alone. One question of a bank; right answers earn."""
