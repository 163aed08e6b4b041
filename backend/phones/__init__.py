"""The sockets of phones: what players are shown, and which messages they may send."""
