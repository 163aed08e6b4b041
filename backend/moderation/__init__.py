"""What people wrote or drew, before others see it.

    words      the local list of words, and how they are masked
    policy     what follows from what a check found, in one table
    picture_files  what a picture's file is made of, read without decoding
    pictures   uploaded bytes become a small clean picture, or nothing
    moderator  checks texts, takes texts and pictures in
    queue      what hosts do: approve, reject, block
    view       what hosts see of the queue, and its Excel file

A feature keeps the id of an item beside what it shows. It lets a text be checked before its own
transaction (`Moderator.examine`), and takes it in within it (`Moderator.take_text`).
"""
