import { clockScript } from "../clock.ts";

/**
 * Lua that the verbs of a ledger have in common.
 *
 * What one verb touches depends on which leases have run out, and every key must be declared before. So a ledger is five keys in one slot,
 * and what others would keep under a key of its own is a field here:
 *
 * - `sums`, a hash: of each account (a scope in one window) `spent assumed held open`, and for a rolling one `slices first last`;
 *   of each slice of a rolling window `spent assumed`; and `latest`, the time.
 * - `holds`, a hash: of each reservation that is not settled or released a JSON object, its numbers as texts, since Lua would round them.
 * - `due`, a sorted set by time: when a lease runs out or is forgotten (`hold`), a rolling window leaves a slice (`slice`), an account is
 *   forgotten (`account`). A verb does what is due first, at most so much of it; what is left undone counts as held or spent until then.
 * - `rows`, a sorted set by name, and `booked`, a hash: of each day and set of labels `attempts spent assumed`.
 *
 * All amounts are whole numbers below 2^53, which Lua adds exactly.
 */
export const ledgerScript: string = `
${clockScript}
local sums, holds, due, rows, booked = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local now, isNew = hear(sums, ARGV[1])
local graceful, keep = tonumber(ARGV[2]), tonumber(ARGV[3])
local day = 86400000
-- At once, of what is due.
local most = 100
-- A rolling window of more slices than this puts together what was reserved within so small a part of it.
local fine = 1024

local function whole(number) return string.format("%.0f", number) end

-- The UTC day, as 2026-11-25. By days from 1 March of the year 0, since then a leap day is the last of its year.
local function dayOf(time)
  local days = math.floor(time / day) + 719468
  local era = math.floor(days / 146097)
  local of = days - era * 146097
  local year = math.floor((of - math.floor(of / 1460) + math.floor(of / 36524) - math.floor(of / 146096)) / 365)
  local rest = of - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local month = math.floor((5 * rest + 2) / 153)
  local date = rest - math.floor((153 * month + 2) / 5) + 1
  month = month < 10 and month + 3 or month - 9
  return string.format("%04d-%02d-%02d", era * 400 + year + (month <= 2 and 1 or 0), month, date)
end

-- "day|2026-11-25|user=ada", "month|2026-11|…", "total||…", "3600000||…".
local function nameOf(window, key)
  local period = ""
  if window == "day" then period = dayOf(now) elseif window == "month" then period = dayOf(now):sub(1, 7) end
  return window .. "|" .. period .. "|" .. key
end

-- Accounts and slices, read once, and written at the end if they have changed.
local accounts, slices, before = {}, {}, {}

local function read(field)
  local words = redis.call("HGET", sums, field) or ""
  before[field] = words
  return words
end

local function account(name)
  local it = accounts[name]
  if not it then
    local spent, assumed, held, open, count, first, last =
      read("account|" .. name):match("^(%S+) (%S+) (%S+) (%S+) ?(%S*) ?(%S*) ?(%S*)$")
    it = {
      spent = tonumber(spent) or 0, assumed = tonumber(assumed) or 0, held = tonumber(held) or 0, open = tonumber(open) or 0,
      slices = tonumber(count) or 0, first = tonumber(first) or 0, last = tonumber(last) or 0,
    }
    accounts[name] = it
  end
  return it
end

local function slice(name, first)
  local field = first .. "|" .. name
  local it = slices[field]
  if not it then
    local spent, assumed = read("slice|" .. field):match("^(%d+) (%d+)$")
    it = { gone = not spent, spent = tonumber(spent), assumed = tonumber(assumed) }
    slices[field] = it
  end
  return it
end

local function accountWords(it)
  if it.open == 0 and it.slices == 0 and it.spent == 0 and it.assumed == 0 and it.held == 0 then return "" end
  local words = whole(it.spent) .. " " .. whole(it.assumed) .. " " .. whole(it.held) .. " " .. whole(it.open)
  return it.slices == 0 and words or table.concat({ words, whole(it.slices), text(it.first), text(it.last) }, " ")
end

local function flush()
  local set, del = {}, {}
  -- Lua passes so many words at once and no more.
  local function send(enough)
    if #set > enough then
      redis.call("HSET", sums, unpack(set))
      set = {}
    end
    if #del > enough then
      redis.call("HDEL", sums, unpack(del))
      del = {}
    end
  end
  local function write(field, words)
    if words == before[field] then return end
    if words == "" then
      del[#del + 1] = field
    else
      set[#set + 1] = field
      set[#set + 1] = words
    end
    send(1000)
  end
  if isNew then write("latest", text(now)) end
  for name, it in pairs(accounts) do write("account|" .. name, accountWords(it)) end
  for field, it in pairs(slices) do
    write("slice|" .. field, it.gone and "" or whole(it.spent) .. " " .. whole(it.assumed))
  end
  send(0)
end

-- The slice of what is reserved now of a rolling window.
local function sliceNow(name, window)
  local it, rolling = account(name), tonumber(window)
  local joins = it.slices > 0
    and (it.last == now or it.slices >= fine and now - it.first < rolling / fine)
  if not joins then
    it.slices, it.first = it.slices + 1, now
    slices[text(now) .. "|" .. name] = { spent = 0, assumed = 0 }
  end
  it.last = now
  redis.call("ZADD", due, text(now + rolling), "slice|" .. text(it.first) .. "|" .. name)
  return text(it.first)
end

-- What is held counts however old it is; what is booked, as long as the window reaches back to its reservation.
local function add(place, state, amount)
  if state == "released" then return end
  local it = account(place.name)
  if place.slice and state ~= "held" then
    local part = slice(place.name, place.slice)
    if part.gone then return end
    part[state] = part[state] + amount
  end
  it[state] = it[state] + amount
end

local function sweepRows()
  local old = redis.call("ZRANGEBYLEX", rows, "-", "(" .. dayOf(now - keep * day), "LIMIT", 0, most)
  if #old > 0 then
    redis.call("HDEL", booked, unpack(old))
    redis.call("ZREM", rows, unpack(old))
  end
end

local function count(row, state, amount, attempts)
  if state ~= "spent" and state ~= "assumed" then return end
  local words = redis.call("HGET", booked, row)
  if not words then
    words = "0 0 0"
    redis.call("ZADD", rows, 0, row)
    sweepRows()
  end
  local times, spent, assumed = words:match("^(%S+) (%S+) (%S+)$")
  local it = { spent = tonumber(spent), assumed = tonumber(assumed) }
  it[state] = it[state] + attempts * amount
  redis.call("HSET", booked, row, whole(times + attempts) .. " " .. whole(it.spent) .. " " .. whole(it.assumed))
end

-- Takes a reservation from one sum of its accounts to another.
local function move(hold, state, amount)
  local before = tonumber(hold.amount)
  for _, place in ipairs(hold.places) do
    add(place, hold.state, -before)
    add(place, state, amount)
  end
  count(hold.row, hold.state, before, -1)
  count(hold.row, state, amount, 1)
  hold.state, hold.amount = state, whole(amount)
end

local function find(id)
  local words = redis.call("HGET", holds, id)
  return words and cjson.decode(words)
end

local function put(id, hold, time)
  redis.call("HSET", holds, id, cjson.encode(hold))
  redis.call("ZADD", due, text(time), "hold|" .. id)
end

-- Whatever becomes of it, it is no more than numbers in its accounts.
local function close(id, hold)
  for _, place in ipairs(hold.places) do
    local it = account(place.name)
    it.open = it.open - 1
  end
  redis.call("HDEL", holds, id)
  redis.call("ZREM", due, "hold|" .. id)
end

-- Charges what may have been billed; forgets it when nobody will settle it any more.
local function expire(id)
  local hold = find(id)
  if not hold then
    redis.call("ZREM", due, "hold|" .. id)
  elseif hold.state == "held" then
    move(hold, "assumed", tonumber(hold.amount))
    put(id, hold, now + graceful)
  else
    close(id, hold)
  end
end

local function leave(words)
  local first, name = words:match("^([^|]*)|(.*)$")
  local part, it = slice(name, first), account(name)
  if not part.gone then
    it.spent, it.assumed, it.slices = it.spent - part.spent, it.assumed - part.assumed, it.slices - 1
    part.gone = true
  end
  redis.call("ZREM", due, "slice|" .. words)
end

-- Its day or month is over; what is still open may be booked there.
local function forget(name)
  local it = account(name)
  if it.open > 0 then
    redis.call("ZADD", due, text(now + day), "account|" .. name)
  else
    it.spent, it.assumed = 0, 0
    redis.call("ZREM", due, "account|" .. name)
  end
end

-- Whether more is due than was done.
local function sweep()
  local members = redis.call("ZRANGEBYSCORE", due, "-inf", text(now), "LIMIT", 0, most)
  for _, member in ipairs(members) do
    local kind, words = member:match("^(%a+)|(.*)$")
    if kind == "hold" then expire(words) elseif kind == "slice" then leave(words) else forget(words) end
  end
  return #members == most
end

-- The first scope without room for so much more, as a reply.
local function refusal(scopes, amount, more)
  for _, scope in ipairs(scopes) do
    local it = account(scope.name)
    if it.spent + it.assumed + it.held + amount > tonumber(scope.limit) then
      return {
        more and 1 or 0, 0, scope.key, scope.window, scope.limit, whole(it.spent), whole(it.assumed), whole(it.held),
      }
    end
  end
  return nil
end
`;
