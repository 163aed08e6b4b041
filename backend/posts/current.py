"""Gives requests the objects of this package."""

from flask import current_app

from backend.posts.catalog import PostCatalog
from backend.posts.home import HomePages
from backend.posts.reading import Readings


def catalog() -> PostCatalog:
    """The published posts."""
    return current_app.extensions["linka.post_catalog"]


def home_pages() -> HomePages:
    """Makes home pages."""
    return current_app.extensions["linka.post_home_pages"]


def readings() -> Readings:
    """Takes reports of readers."""
    return current_app.extensions["linka.post_readings"]
