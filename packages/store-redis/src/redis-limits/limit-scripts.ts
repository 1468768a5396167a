import { clockScript } from "../clock.ts";
import { defineScript } from "../script.ts";
import type { Script } from "../script.ts";

// KEYS: the state of all limits (`latest`), then for each limit its log and its amounts. ARGV: the time in a test, then words a limit.
//
// The log is a sorted set of entries, what was taken at about the same time: each is named for when its first was taken, and stands
// at when its last was; it counts until the window has left that. `amounts` has the amount of each, and their `sum`.
const common = `
${clockScript}
local state = KEYS[1]

local function number(hash, field)
  return tonumber(redis.call("HGET", hash, field) or 0)
end

-- Redis forgets a limit a while after nothing of it counts.
local function keep(log, amounts, window)
  local rest = text(math.ceil(math.min(window, 2 ^ 50)) + 60000)
  redis.call("PEXPIRE", log, rest)
  redis.call("PEXPIRE", amounts, rest)
end
`;

/**
 * Takes of every limit, or of none; of each limit ARGV has `limit`, `window` and `cost`.
 *
 * Replies with 1 and the time; or with 0, which limit has no room, counted from 0, and for how many milliseconds: `never` for a cost that
 * is more than the limit.
 */
export const takeLimits: Script = defineScript(
  "limits.take",
  common,
  `
local now = tell(state, ARGV[1])

-- A log that is longer than this puts together what was taken within so small a part of the window.
local fine = 1024

-- What counts now; what the window has left is forgotten.
local function used(log, amounts, window)
  local sum = number(amounts, "sum")
  local gone = redis.call("ZRANGEBYSCORE", log, "-inf", text(now - window), "LIMIT", 0, 1000)
  while #gone > 0 do
    for _, amount in ipairs(redis.call("HMGET", amounts, unpack(gone))) do sum = sum - tonumber(amount) end
    redis.call("HDEL", amounts, unpack(gone))
    redis.call("ZREM", log, unpack(gone))
    redis.call("HSET", amounts, "sum", text(sum))
    gone = redis.call("ZRANGEBYSCORE", log, "-inf", text(now - window), "LIMIT", 0, 1000)
  end
  -- Nothing is left, so nothing counts: no error of rounding stays.
  return redis.call("EXISTS", log) == 1 and sum or 0
end

-- Milliseconds until no more than this counts.
local function wait(log, amounts, window, most, sum)
  local from = 0
  while true do
    local entries = redis.call("ZRANGE", log, from, from + 99, "WITHSCORES")
    if #entries == 0 then return 0 end
    for place = 1, #entries, 2 do
      sum = sum - number(amounts, entries[place])
      if sum <= most then return tonumber(entries[place + 1]) + window - now end
    end
    from = from + 100
  end
end

local function add(log, amounts, window, cost, sum)
  local entry, last = unpack(redis.call("ZRANGE", log, -1, -1, "WITHSCORES"))
  local joins = entry and (tonumber(last) == now
    or redis.call("ZCARD", log) >= fine and now - tonumber(entry) < window / fine)
  local name = joins and entry or text(now)
  local amount = joins and number(amounts, name) or 0
  redis.call("ZADD", log, text(now), name)
  redis.call("HSET", amounts, name, text(amount + cost), "sum", text(sum + cost))
  keep(log, amounts, window)
end

local takes, refused, longest = {}, nil, nil
for place = 1, (#KEYS - 1) / 2 do
  local limit, window, cost = tonumber(ARGV[3 * place - 1]), tonumber(ARGV[3 * place]), tonumber(ARGV[3 * place + 1])
  local log, amounts = KEYS[2 * place], KEYS[2 * place + 1]
  local sum = used(log, amounts, window)
  takes[place] = { log, amounts, window, cost, sum }
  if sum + cost > limit then
    local rest = cost > limit and math.huge or wait(log, amounts, window, limit - cost, sum)
    if not refused or rest > longest then refused, longest = place - 1, rest end
  end
end
if refused then return { 0, refused, longest == math.huge and "never" or text(longest) } end

for _, take in ipairs(takes) do
  if take[4] > 0 then add(unpack(take)) end
end
return { 1, text(now) }
`,
);

/** Gives back of what was taken at the time in ARGV[2], at most all of it; of each limit ARGV has the cost. */
export const refundLimits: Script = defineScript(
  "limits.refund",
  common,
  `
local at = tonumber(ARGV[2])
for place = 1, (#KEYS - 1) / 2 do
  local log, amounts, cost = KEYS[2 * place], KEYS[2 * place + 1], tonumber(ARGV[place + 2])
  -- What was put together counts from its last part on, so the first entry that is not before it has it.
  local entry = redis.call("ZRANGEBYSCORE", log, text(at), "+inf", "LIMIT", 0, 1)[1]
  if entry and tonumber(entry) <= at then
    local amount = number(amounts, entry)
    local back = math.min(cost, amount)
    redis.call("HSET", amounts, entry, text(amount - back), "sum", text(number(amounts, "sum") - back))
  end
end
return 1
`,
);
