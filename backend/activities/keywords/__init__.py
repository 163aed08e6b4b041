"""“回复有效关键词”: a host announces a word, and the first players who reply it win.

The way of a reply: `play` or `api` → `service.KeywordReplies.reply` → `rules` → one transaction
(unique hit, unique score entry, standings) → the boards → the feed. The service does not depend on
Flask or sockets, so that other sources of replies, such as the official account, can call it.
"""
