"""What moves: the feed of an event, the hub that hands it to watchers, and the private Redis server."""
