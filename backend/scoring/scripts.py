"""The scripts of the leaderboard. Each runs atomically inside Redis; see `leaderboard` for the keys."""

# Applies one group of (board, player, packed, version, team); returns the team boards it touched.
_APPLY = """
local function apply(prefix, touched, board, player, packed, version, team)
  redis.call('HSET', prefix .. 'versions:' .. board, player, version)
  redis.call('SADD', prefix .. 'boards', board)
  local came
  if packed == 'gone' then
    came = redis.call('ZREM', prefix .. 'players:' .. board, player)
    if team ~= '' then redis.call('ZREM', prefix .. 'team:' .. board .. ':' .. team, player) end
  else
    came = redis.call('ZADD', prefix .. 'players:' .. board, packed, player)
    if team ~= '' then
      redis.call('SADD', prefix .. 'team_ids', team)
      redis.call('ZADD', prefix .. 'team:' .. board .. ':' .. team, packed, player)
    end
  end
  if team == '' or not touched then return end
  touched[board .. ' ' .. team] = {board, team}
  if board == 'event' and came == 1 then
    for _, other in ipairs(redis.call('SMEMBERS', prefix .. 'boards')) do
      touched[other .. ' ' .. team] = {other, team}
    end
  end
end
"""

# Readers cache boards by revision, so a revision must never occur twice, even after Redis lost
# writes. It is the time in microseconds, or one more than the last.
_TURN = """
local function turn(prefix)
  local time = redis.call('TIME')
  local last = tonumber(redis.call('GET', prefix .. 'revision') or '0')
  local now = math.max(last + 1, time[1] * 1000000 + time[2])
  redis.call('SET', prefix .. 'revision', string.format('%.0f', now))
end
"""

# The same arithmetic as ranking.team_packed, on the same numbers.
_TEAM = """
local function retotal(prefix, board, team)
  local formula = redis.call('HMGET', prefix .. 'formula', 'kind', 'best', 'minimum')
  local kind, best, minimum = formula[1], tonumber(formula[2]), tonumber(formula[3])
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
  local whole = (string.match(board, '^final/') or '') .. 'event:'
  local came = redis.call('ZCARD', prefix .. 'team:' .. whole .. team)
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

# ARGV: prefix, feed key, message, then groups of five. Returns -1 when there is no whole board.
PUT = (
    _APPLY
    + _TURN
    + _TEAM
    + """
local prefix, feed, message = ARGV[1], ARGV[2], ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local touched, changed = {}, false
for i = 4, #ARGV, 5 do
  local known = tonumber(redis.call('HGET', prefix .. 'versions:' .. ARGV[i], ARGV[i + 1]) or '0')
  if tonumber(ARGV[i + 3]) > known then
    apply(prefix, touched, ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
    changed = true
  end
end
for _, pair in pairs(touched) do retotal(prefix, pair[1], pair[2]) end
if changed then turn(prefix) end
if message ~= '' and changed then
  redis.call('XADD', feed, 'MAXLEN', '~', '2000', '*', 'type', 'gain', 'data', message)
elseif changed then
  redis.call('XADD', feed, 'MAXLEN', '~', '2000', '*', 'type', 'board', 'data', '{}')
end
local score = redis.call('ZSCORE', prefix .. 'players:' .. ARGV[4], ARGV[5])
if not score then return 0 end
return redis.call('ZCOUNT', prefix .. 'players:' .. ARGV[4], '(' .. score, '+inf') + 1
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

# ARGV: prefix, prefix of the cards, board, scope, count, revision that the reader has.
TOP = (
    _CARDS
    + """
if redis.call('EXISTS', KEYS[1], ARGV[2] .. 'built') < 2 then return false end
local prefix, scope = ARGV[1], ARGV[4]
local revision = redis.call('GET', prefix .. 'revision')
if revision == ARGV[6] then return {revision} end
local zset = prefix .. scope .. ':' .. ARGV[3]
local flat = redis.call('ZREVRANGE', zset, 0, ARGV[5] - 1, 'WITHSCORES')
local members = {}
local whole = (string.match(ARGV[3], '^final/') or '') .. 'event:'
if scope == 'teams' then
  for i = 1, #flat, 2 do
    members[#members + 1] = redis.call('ZCARD', prefix .. 'team:' .. whole .. flat[i])
  end
end
return {revision, redis.call('ZCARD', zset), 0, 1, flat,
        cards(ARGV[2], string.sub(scope, 1, 1), flat), members}
"""
)

# ARGV: prefix, prefix of the cards, board, player.
OWN = """
if redis.call('EXISTS', KEYS[1], ARGV[2] .. 'built') < 2 then return false end
local zset = ARGV[1] .. 'players:' .. ARGV[3]
local score = redis.call('ZSCORE', zset, ARGV[4])
if not score then return {} end
return {redis.call('ZCOUNT', zset, '(' .. score, '+inf') + 1, score,
        redis.call('HGET', ARGV[2] .. 'cards', 'p' .. ARGV[4])}
"""

# ARGV: prefix, prefix of the cards, board, player, neighbours on each side.
AROUND = (
    _CARDS
    + """
if redis.call('EXISTS', KEYS[1], ARGV[2] .. 'built') < 2 then return false end
local prefix = ARGV[1]
local zset = prefix .. 'players:' .. ARGV[3]
local total, revision = redis.call('ZCARD', zset), redis.call('GET', prefix .. 'revision')
local at = redis.call('ZREVRANK', zset, ARGV[4])
if not at then return {revision, total, 0, 1, {}, {}, {}} end
local start = math.max(at - ARGV[5], 0)
local flat = redis.call('ZREVRANGE', zset, start, at + ARGV[5], 'WITHSCORES')
local first = redis.call('ZCOUNT', zset, '(' .. flat[2], '+inf') + 1
return {revision, total, start, first, flat, cards(ARGV[2], 'p', flat), {}}
"""
)

# ARGV: prefix, board, seconds to live. Totals every team on a board that is being made.
RETOTAL = (
    _TEAM
    + """
local prefix, board = ARGV[1], ARGV[2]
for _, team in ipairs(redis.call('SMEMBERS', prefix .. 'team_ids')) do
  retotal(prefix, board, team)
end
redis.call('EXPIRE', prefix .. 'teams:' .. board, ARGV[3])
"""
)

_WIPE = """
local function wipe(prefix)
  for _, board in ipairs(redis.call('SMEMBERS', prefix .. 'boards')) do
    for _, team in ipairs(redis.call('SMEMBERS', prefix .. 'team_ids')) do
      redis.call('UNLINK', prefix .. 'team:' .. board .. ':' .. team)
    end
    redis.call('UNLINK', prefix .. 'players:' .. board, prefix .. 'teams:' .. board,
      prefix .. 'versions:' .. board)
  end
  for _, name in ipairs({'boards', 'team_ids', 'cards', 'headcounts', 'formula', 'built'}) do
    redis.call('UNLINK', prefix .. name)
  end
end
"""

# KEYS: the mark of boards that are being built. ARGV: prefix, prefix of those. Returns 0 if the
# mark is gone, which means that Redis lost them meanwhile.
EXCHANGE = (
    _WIPE
    + _TURN
    + """
local here, made = ARGV[1], ARGV[2]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
wipe(here)
local boards = redis.call('SMEMBERS', made .. 'boards')
local teams = redis.call('SMEMBERS', made .. 'team_ids')
local function take(name)
  if redis.call('EXISTS', made .. name) == 1 then
    redis.call('RENAME', made .. name, here .. name)
    redis.call('PERSIST', here .. name)
  end
end
for _, board in ipairs(boards) do
  for _, team in ipairs(teams) do take('team:' .. board .. ':' .. team) end
  for _, name in ipairs({'players:', 'teams:', 'versions:'}) do take(name .. board) end
end
for _, name in ipairs({'boards', 'team_ids', 'cards', 'headcounts', 'formula'}) do take(name) end
redis.call('SET', here .. 'built', '1')
turn(here)
redis.call('UNLINK', KEYS[1])
return 1
"""
)

# ARGV: prefix. The revision stays, so that it keeps growing.
WIPE = _WIPE + "wipe(ARGV[1])"
