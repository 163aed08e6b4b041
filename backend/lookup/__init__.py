"""便捷查询: one search box for buses, shifts, the canteen and keyword answers.

asking     what a text asks for: topic, day, meal; forgives width, traditional characters, pinyin
matching   which cards a text is about
cards      answers by keyword, with synonyms, attachments, owner and expiry
importing  what tables and lists of cards from Excel change, and writes it
buses, duties, canteen  the three tables: how a row is read, and what is answered from them
questions  what had no answer: waits for a person in charge, is answered, becomes a card
answering  all answers to a text; also as one message of text
view       what phones and editors are shown
"""
