"""Posts between events, in columns of three modules: 微信息, 微课堂, 微生活.

columns    the columns: rows that a centre adds, renames and closes
markdown   the text of a post as sanitised HTML
audience   the one door: who may know of which post
writing    drafts, versions, review, publication, withdrawal
pictures   pictures of a post, shown where a version names them
shares     tokens to share a post, and whom they brought
figures    how far posts and columns come
comments   comments, likes and kept posts
notices    what people are told about posts
reminders  reminds who has not read, and quiet, when nobody is reminded
lesson     questions of a post, answered once each
season     the event into whose ledger a post gives points
reading    who has read, who has confirmed, who has not
importing  posts from Markdown files with front matter
view       what readers and writers are shown
"""
