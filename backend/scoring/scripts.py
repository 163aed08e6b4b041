"""The scripts of the leaderboard. Each runs atomically inside Redis; see `leaderboard` for the keys.

`here` is how all keys of an event's boards begin, `prefix` how those of one build of them begin.
None does work that grows with the number of players, teams and boards together: a script of a
second keeps everybody waiting for a second.
"""

# Readers cache boards by revision, so a revision must never occur twice, even after Redis lost
# writes. It is the time in microseconds, or one more than the last.
_TURN = """
local function turn(here)
  local time = redis.call('TIME')
  local last = tonumber(redis.call('GET', here .. 'revision') or '0')
  local now = math.max(last + 1, time[1] * 1000000 + time[2])
  redis.call('SET', here .. 'revision', string.format('%.0f', now))
end
"""

# Returns how the keys of the whole boards begin; nothing when there are none.
_WHOLE = """
local function whole(here)
  local name = redis.call('GET', here .. 'whole')
  return name and here .. name .. ':'
end
"""

# The same arithmetic as ranking.team_packed, on the same numbers.
_TEAM = """
local function formula_of(prefix)
  local found = redis.call('HMGET', prefix .. 'formula', 'kind', 'best', 'minimum')
  return {kind = found[1], best = tonumber(found[2]), minimum = tonumber(found[3])}
end
local function retotal(prefix, formula, board, team)
  local kind, best, minimum = formula.kind, formula.best, formula.minimum
  local last = -1
  if kind == 'best_mean' then last = best - 1 end
  local members = redis.call(
    'ZREVRANGE', prefix .. 'team:' .. board .. ':' .. team, 0, last, 'WITHSCORES')
  if #members == 0 then
    redis.call('ZREM', prefix .. 'teams:' .. board, team)
    return
  end
  local total, latest = 0, 0
  for i = 2, #members, 2 do
    local packed = tonumber(members[i])
    local points = math.floor(packed / 8589934592)
    total = total + points
    if points ~= 0 then
      latest = math.max(latest, 8589934591 - (packed - points * 8589934592))
    end
  end
  local of_all = (string.match(board, '^final/') or '') .. 'event:'
  local came = redis.call('ZCARD', prefix .. 'team:' .. of_all .. team)
  local people = 1
  if kind == 'mean' then people = came
  elseif kind == 'best_mean' then people = math.min(best, came)
  elseif kind == 'participation' then
    people = tonumber(redis.call('HGET', prefix .. 'headcounts', team) or '0')
  end
  local least = minimum
  if kind == 'sum' then least = 1 end
  local divisor = math.max(people, least, 1)
  local score = math.floor(total * 100 / divisor + 0.5)
  local seconds = math.min(math.floor(latest / 100), 67108863)
  redis.call('ZADD', prefix .. 'teams:' .. board,
    string.format('%.0f', score * 67108864 + (67108863 - seconds)), team)
end
"""

# A put only notes whose totals it has made old, as '<board> <team>' in `untotalled`. They are made
# anew before a board of teams is read, or when so many are old that a reader would wait for long.
_TOTAL = (
    _TEAM
    + """
local function total(prefix, old)
  for _, name in ipairs(redis.call('SMEMBERS', prefix .. 'untotalled')) do old[name] = true end
  if not next(old) then return end
  local formula = formula_of(prefix)
  for name in pairs(old) do
    local board, team = string.match(name, '^(.*) (.*)$')
    retotal(prefix, formula, board, team)
  end
  redis.call('DEL', prefix .. 'untotalled')
end
local function total_later(prefix, old)
  local names = {}
  for name in pairs(old) do names[#names + 1] = name end
  if #names + redis.call('SCARD', prefix .. 'untotalled') > 300 then
    total(prefix, old)
  elseif #names > 0 then
    redis.call('SADD', prefix .. 'untotalled', unpack(names))
  end
end
"""
)

# Puts the newest of each player's standings on one board, with few commands for all of them.
# `newest` maps players to places in ARGV; returns {player: version that was there}. Adds to `old`
# what team boards have to be totalled, and to `seen` the teams and boards that there are.
_APPLY = """
local function touch(prefix, old, board, team, is_new)
  old[board .. ' ' .. team] = true
  if board ~= 'event' or not is_new then return end
  for _, other in ipairs(redis.call('SMEMBERS', prefix .. 'boards')) do
    old[other .. ' ' .. team] = true
  end
end
local function apply(prefix, old, seen, board, newest)
  local players, known = {}, {}
  for player in pairs(newest) do players[#players + 1] = player end
  local there = redis.call('HMGET', prefix .. 'versions:' .. board, unpack(players))
  local versions, scores, gone, teams = {}, {}, {}, {}
  for n, player in ipairs(players) do
    local at = newest[player]
    local packed, version, team = ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
    known[player] = tonumber(there[n] or '0')
    if tonumber(version) > known[player] then
      versions[#versions + 1] = player
      versions[#versions + 1] = version
      if team ~= '' and not teams[team] then teams[team] = {scores = {}, gone = {}} end
      for _, set in ipairs({{scores = scores, gone = gone}, teams[team]}) do
        if packed == 'gone' then
          set.gone[#set.gone + 1] = player
        else
          set.scores[#set.scores + 1] = packed
          set.scores[#set.scores + 1] = player
        end
      end
    end
  end
  if #versions == 0 then return known end
  redis.call('HSET', prefix .. 'versions:' .. board, unpack(versions))
  seen.boards[board] = true
  local function change(name, set)
    local changed = 0
    if #set.gone > 0 then changed = redis.call('ZREM', name, unpack(set.gone)) end
    if #set.scores > 0 then changed = changed + redis.call('ZADD', name, unpack(set.scores)) end
    return changed
  end
  change(prefix .. 'players:' .. board, {scores = scores, gone = gone})
  for team, set in pairs(teams) do
    if #set.scores > 0 then seen.team_ids[team] = true end
    local changed = change(prefix .. 'team:' .. board .. ':' .. team, set)
    touch(prefix, old, board, team, changed > 0)
  end
  return known
end
local function note(prefix, seen)
  for name, members in pairs(seen) do
    local found = {}
    for member in pairs(members) do found[#found + 1] = member end
    if #found > 0 then redis.call('SADD', prefix .. name, unpack(found)) end
  end
end
"""

# ARGV: here, feed key; then for each caller: message, number of standings, and five values for
# each standing. Returns the rank of each caller's first player; nothing when there is no whole
# board.
PUT = (
    _WHOLE
    + _APPLY
    + _TURN
    + _TOTAL
    + """
local prefix, feed = whole(ARGV[1]), ARGV[2]
if not prefix then return {} end
local callers, newest, at = {}, {}, 3
while at <= #ARGV do
  local first, last = at + 2, at + 5 * ARGV[at + 1] - 3
  callers[#callers + 1] = {message = ARGV[at], first = first, last = last}
  for i = first, last, 5 do
    local board, player = ARGV[i], ARGV[i + 1]
    local own = newest[board] or {}
    newest[board] = own
    if not own[player] or tonumber(ARGV[i + 3]) > tonumber(ARGV[own[player] + 3]) then
      own[player] = i
    end
  end
  at = last + 5
end
local old, seen, known = {}, {boards = {}, team_ids = {}}, {}
for board, own in pairs(newest) do known[board] = apply(prefix, old, seen, board, own) end
note(prefix, seen)
local changed, is_told = false, true
for _, caller in ipairs(callers) do
  local moved = false
  for i = caller.first, caller.last, 5 do
    moved = moved or tonumber(ARGV[i + 3]) > known[ARGV[i]][ARGV[i + 1]]
  end
  if moved and caller.message ~= '' then
    redis.call('XADD', feed, 'MAXLEN', '~', '2000', '*', 'type', 'gain', 'data', caller.message)
  elseif moved then
    is_told = false
  end
  changed = changed or moved
end
if not is_told then
  redis.call('XADD', feed, 'MAXLEN', '~', '2000', '*', 'type', 'board', 'data', '{}')
end
if changed then
  total_later(prefix, old)
  turn(ARGV[1])
end
local ranks = {}
for n, caller in ipairs(callers) do
  local board, player = ARGV[caller.first], ARGV[caller.first + 1]
  local players, at = prefix .. 'players:' .. board, newest[board][player]
  local score = ARGV[at + 2]
  if tonumber(ARGV[at + 3]) <= known[board][player] then
    score = redis.call('ZSCORE', players, player) or 'gone'
  end
  ranks[n] = score == 'gone' and 0 or redis.call('ZCOUNT', players, '(' .. score, '+inf') + 1
end
return ranks
"""
)

_CARDS = """
local function cards(names, mark, flat)
  if #flat == 0 then return {} end
  local fields = {}
  for i = 1, #flat, 2 do fields[#fields + 1] = mark .. flat[i] end
  return redis.call('HMGET', names .. 'cards', unpack(fields))
end
"""

# A frozen board uses the cards of the live one, so readers need both.

# ARGV: here, `here` of the cards, board, scope, count, revision that the reader has.
TOP = (
    _WHOLE
    + _CARDS
    + _TOTAL
    + """
local prefix, names, scope = whole(ARGV[1]), whole(ARGV[2]), ARGV[4]
if not prefix or not names then return false end
local revision = redis.call('GET', ARGV[1] .. 'revision')
if revision == ARGV[6] then return {revision} end
-- While Redis takes no writes, old totals are shown; no reader may keep them.
if scope == 'teams' and not pcall(total, prefix, {}) then revision = '0' end
local zset = prefix .. scope .. ':' .. ARGV[3]
local flat = redis.call('ZREVRANGE', zset, 0, ARGV[5] - 1, 'WITHSCORES')
local members = {}
local of_all = (string.match(ARGV[3], '^final/') or '') .. 'event:'
if scope == 'teams' then
  for i = 1, #flat, 2 do
    members[#members + 1] = redis.call('ZCARD', prefix .. 'team:' .. of_all .. flat[i])
  end
end
return {revision, redis.call('ZCARD', zset), 0, 1, flat,
        cards(names, string.sub(scope, 1, 1), flat), members}
"""
)

# ARGV: here. Totals all teams whose totals are old.
TOTAL = (
    _WHOLE
    + _TOTAL
    + """
local prefix = whole(ARGV[1])
if prefix then total(prefix, {}) end
"""
)

# ARGV: here, `here` of the cards, board, players. Returns what each player's row shows.
OWN = (
    _WHOLE
    + """
local prefix, names = whole(ARGV[1]), whole(ARGV[2])
if not prefix or not names then return false end
local zset = prefix .. 'players:' .. ARGV[3]
local rows = {}
for i = 4, #ARGV do
  local score, row = redis.call('ZSCORE', zset, ARGV[i]), {}
  if score then
    row = {redis.call('ZCOUNT', zset, '(' .. score, '+inf') + 1, score,
           redis.call('HGET', names .. 'cards', 'p' .. ARGV[i])}
  end
  rows[#rows + 1] = row
end
return rows
"""
)

# ARGV: here, `here` of the cards, board, neighbours on each side, players. Returns for each
# player what TOP returns.
AROUND = (
    _WHOLE
    + _CARDS
    + """
local prefix, names = whole(ARGV[1]), whole(ARGV[2])
if not prefix or not names then return false end
local zset = prefix .. 'players:' .. ARGV[3]
local total, revision = redis.call('ZCARD', zset), redis.call('GET', ARGV[1] .. 'revision')
local boards = {}
for i = 5, #ARGV do
  local at, board = redis.call('ZREVRANK', zset, ARGV[i]), {revision, total, 0, 1, {}, {}, {}}
  if at then
    local start = math.max(at - ARGV[4], 0)
    local flat = redis.call('ZREVRANGE', zset, start, at + ARGV[4], 'WITHSCORES')
    local first = redis.call('ZCOUNT', zset, '(' .. flat[2], '+inf') + 1
    board = {revision, total, start, first, flat, cards(names, 'p', flat), {}}
  end
  boards[#boards + 1] = board
end
return boards
"""
)

# ARGV: here, feed key, field of the player, card; and for one who has a team: team, field of the
# team, its card, head-count. Boards that are built later have the names from the database.
CARD = (
    _WHOLE
    + """
redis.call('XADD', ARGV[2], 'MAXLEN', '~', '2000', '*', 'type', 'board', 'data', '{}')
local prefix = whole(ARGV[1])
if not prefix then return end
redis.call('HSET', prefix .. 'cards', ARGV[3], ARGV[4])
if ARGV[5] then
  redis.call('SADD', prefix .. 'team_ids', ARGV[5])
  redis.call('HSET', prefix .. 'cards', ARGV[6], ARGV[7])
  redis.call('HSET', prefix .. 'headcounts', ARGV[5], ARGV[8])
end
"""
)

# ARGV: prefix, board, teams. Totals these teams on a board that is being built.
RETOTAL = (
    _TEAM
    + """
local prefix, board = ARGV[1], ARGV[2]
local formula = formula_of(prefix)
for i = 3, #ARGV do
  retotal(prefix, formula, board, ARGV[i])
end
"""
)

# KEYS: the mark of the build. ARGV: here, name of the build. Makes it the whole boards; returns 0
# if the mark is gone, which means that Redis lost data meanwhile, or that the build took too long.
FINISH = (
    _TURN
    + """
local here, name = ARGV[1], ARGV[2]
if redis.call('UNLINK', KEYS[1]) == 0 then return 0 end
redis.call('SET', here .. 'whole', name)
turn(here)
return 1
"""
)

# KEYS: the names of all builds. ARGV: here. Returns the builds that nobody reads and nobody writes:
# none of them can become the whole boards again.
LEFTOVER = """
local here, found = ARGV[1], {}
local name = redis.call('GET', here .. 'whole')
for _, other in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if other ~= name and redis.call('EXISTS', here .. other .. ':begun') == 0 then
    found[#found + 1] = other
  end
end
return found
"""
