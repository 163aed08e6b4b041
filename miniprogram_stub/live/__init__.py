"""Stub phones for live games: their sockets, their players, and the hosts."""
