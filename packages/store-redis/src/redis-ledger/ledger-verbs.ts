import { defineScript } from "../script.ts";
import type { Script } from "../script.ts";
import { ledgerScript } from "./ledger-script.ts";

// KEYS: sums, holds, due, rows, booked. ARGV: the time in a test, how long what ran out may be settled, how many days rows are kept.
// Replies begin with whether more is due than was done: 1 or 0.

/**
 * ARGV: id, amount, lease, labels, then of each scope key, window and limit.
 *
 * Replies with 1 if it was granted; else with 0 and, of the scope without room, key, window, limit, spent, assumed and held.
 */
export const reserveMoney: Script = defineScript(
  "ledger.reserve",
  ledgerScript,
  `
local id, amount, lease, labels = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local more = sweep()
local reply
if redis.call("HEXISTS", holds, id) == 1 then
  reply = { 0, 1 }
else
  local scopes = {}
  for place = 8, #ARGV, 3 do
    local key, window = ARGV[place], ARGV[place + 1]
    scopes[#scopes + 1] = { key = key, window = window, limit = ARGV[place + 2], name = nameOf(window, key) }
  end
  reply = refusal(scopes, amount, more)
  if not reply then
    local hold = { state = "released", amount = "0", scopes = scopes, places = {}, row = dayOf(now) .. " " .. labels }
    local seen = {}
    for _, scope in ipairs(scopes) do
      if not seen[scope.name] then
        seen[scope.name] = true
        local window, first, it = scope.window, nil, account(scope.name)
        if tonumber(window) then
          first = sliceNow(scope.name, window)
        elseif window ~= "total" and it.open == 0 then
          -- A month is no longer than 31 days.
          redis.call("ZADD", due, text(now + (window == "day" and 2 or 32) * day), "account|" .. scope.name)
        end
        it.open = it.open + 1
        hold.places[#hold.places + 1] = { name = scope.name, slice = first }
      end
    end
    move(hold, "held", amount)
    put(id, hold, now + lease)
    reply = { 0, 1 }
  end
end
flush()
return reply
`,
);

/** ARGV: id, amount, lease. Replies as `reserveMoney` does, and with 2 for an id that is not reserved. */
export const extendMoney: Script = defineScript(
  "ledger.extend",
  ledgerScript,
  `
local id, amount, lease = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local more = sweep()
local hold = find(id)
local reply
if not hold then
  reply = { 0, 2 }
else
  reply = amount > 0 and refusal(hold.scopes, amount, more) or nil
  if not reply then
    if amount > 0 or hold.state ~= "held" then move(hold, "held", tonumber(hold.amount) + amount) end
    put(id, hold, now + lease)
    reply = { 0, 1 }
  end
end
flush()
return reply
`,
);

/** ARGV: id, state (`spent` or `released`), amount. */
export const closeMoney: Script = defineScript(
  "ledger.close",
  ledgerScript,
  `
local id, state, amount = ARGV[4], ARGV[5], tonumber(ARGV[6])
sweep()
local hold = find(id)
if hold then
  move(hold, state, amount)
  close(id, hold)
end
flush()
return { 0 }
`,
);

/** ARGV: key, window. Replies with spent, assumed and held. */
export const standingMoney: Script = defineScript(
  "ledger.spend",
  ledgerScript,
  `
local more = sweep()
local it = account(nameOf(ARGV[5], ARGV[4]))
flush()
return { more and 1 or 0, whole(it.spent), whole(it.assumed), whole(it.held) }
`,
);

/**
 * ARGV: the first day, the last, the row to go on behind or an empty text. Replies with rows in the order of their names, at most a
 * thousand, each with its name and `attempts spent assumed`.
 */
export const reportMoney: Script = defineScript(
  "ledger.report",
  ledgerScript,
  `
local from = ARGV[6] == "" and "[" .. ARGV[4] or "(" .. ARGV[6]
local more = sweep()
flush()
local names = redis.call("ZRANGEBYLEX", rows, from, "(" .. ARGV[5] .. "!", "LIMIT", 0, 1000)
local reply = { more and 1 or 0 }
if #names > 0 then
  for place, words in ipairs(redis.call("HMGET", booked, unpack(names))) do
    reply[#reply + 1] = names[place]
    reply[#reply + 1] = words
  end
end
return reply
`,
);
