"""The pictures of `docs/pictures`, taken by `make pictures`, and the covers of the sample posts."""
