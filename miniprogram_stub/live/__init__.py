"""Stub phones at games that are played live: sockets, what players do on them, the host's side."""
