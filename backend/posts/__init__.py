"""Posts between events, in columns of three modules: 微信息, 微课堂, 微生活.

columns    the columns: rows that a centre adds, renames and closes
markdown   the text of a post as sanitised HTML
audience   who may know of which post, for every path to a post
catalog    the published posts in memory, for home pages and readings
home       the home page
heads      what lists show of a post
writing    drafts, versions, review, publication, withdrawal
plan       posts that appear or end at a set time
submitted  which posts are submissions, and who may see them
submissions  texts that staff send in for a column, and the decisions about them
pictures   pictures of a post, visible to people who may see a version that contains them
shares     tokens to share a post, and the readers whom they brought
figures    the rates of reading, sharing and conversion of posts and columns
comments   comments, likes and saved posts
notices    notices to people about posts
reminders  reminds people who have not read or confirmed a post
quiet      the hours in which the people of a shift get no reminders
lesson     questions of a post, answered once each
season     the event whose ledger gets the points of a post
reading    who has read a post, who has confirmed it, and who has not
importing  posts from Markdown files with front matter
hall       pinned posts for the big screen
drafting   drafts that are made by themselves, once an hour, in a worker
weekly     the weekly report, drafted from the ledger
view       what readers and writers see
"""
