"""便捷查询: one search box for buses, shifts, the canteen and keyword answers.

asking     what a text asks for: topic, day, meal; forgives width, traditional characters, pinyin
matching   which cards a text is about
cards      answers by keyword, with synonyms, attachments, owner and expiry
importing  compares tables and lists of cards from Excel with the stored rows, and writes them
buses, duties, canteen  the three tables: how a row is read, and the answers from it
questions  texts that no card answered: they wait for a person in charge, whose answer can become a card
answering  all answers to a text; also as one text message
view       what phones and editors are shown
"""
