"""The pictures of `docs/pictures`, taken by `make pictures`."""
