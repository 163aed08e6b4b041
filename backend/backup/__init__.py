"""Backup and restore: the whole database in one file."""
