import { clockScript } from "../clock.ts";
import { defineScript } from "../script.ts";
import type { Script } from "../script.ts";

// KEYS: the state of all leases (`latest`, `token`), and one lease (`token`, `expires`). ARGV: the time in a test.
const common = `
${clockScript}
local state, lease = KEYS[1], KEYS[2]
local now = tell(state, ARGV[1])

local function rest()
  return tonumber(redis.call("HGET", lease, "expires") or 0) - now
end

-- Redis forgets it a while after nobody can hold it.
local function keep(ttl)
  redis.call("HSET", lease, "expires", text(now + ttl))
  redis.call("PEXPIRE", lease, text(math.ceil(math.min(ttl, 2 ^ 50)) + 60000))
end

local function ours(token)
  return rest() > 0 and redis.call("HGET", lease, "token") == token
end
`;

/** The lease for ARGV[2] milliseconds: its token, or false. */
export const acquireLease: Script = defineScript(
  "leases.acquire",
  common,
  `
if rest() > 0 then return false end
-- By the clock in microseconds, so that it grows even if Redis has lost the last one.
local last = tonumber(redis.call("HGET", state, "token") or 0)
local token = string.format("%.0f", math.max(last + 1, math.floor(now * 1000)))
redis.call("HSET", state, "token", token)
redis.call("HSET", lease, "token", token)
keep(tonumber(ARGV[2]))
return token
`,
);

/** For ARGV[2] milliseconds more, if the token is ARGV[3]: 1 or 0. */
export const renewLease: Script = defineScript(
  "leases.renew",
  common,
  `
if not ours(ARGV[3]) then return 0 end
keep(tonumber(ARGV[2]))
return 1
`,
);

/** Gives back the lease whose token is ARGV[2]. */
export const releaseLease: Script = defineScript(
  "leases.release",
  common,
  `
if ours(ARGV[2]) then redis.call("DEL", lease) end
return 1
`,
);

/** For how many milliseconds it is held: none, if it is free. */
export const lookAtLease: Script = defineScript("leases.wait", common, `return text(math.max(rest(), 0))`);
