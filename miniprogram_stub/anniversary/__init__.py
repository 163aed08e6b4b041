"""The journey of an anniversary: ideas are collected and merged, the best are voted on, words are
announced, prizes drawn, lists exported; and each step is counted again from the stub's own journal.
"""
