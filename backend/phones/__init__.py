"""Phones at play: one socket each, with what they are shown and what they may say."""
