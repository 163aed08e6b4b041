"""“回复有效关键词”: a word is announced on stage, the first who reply it win.

The way of a reply: `play` or `api` → `service.KeywordReplies.reply` → `rules` → one transaction (unique hit,
unique score entry, standings) → the boards → the feed. The service knows neither Flask nor sockets,
so that whatever hears people, such as the official account, can hand over what they wrote.
"""
