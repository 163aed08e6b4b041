"""Live messages: the feed of an event, the hub that delivers it, sockets, streams, and the private
Redis server."""
