/** Milliseconds since the epoch in place of the server's, where a test turns the hands. */
export type Clock = (() => number) | undefined;

/** The argument that `clockScript` reads. */
export function timeOf(clock: Clock): string {
  return clock ? String(clock()) : "";
}

/**
 * Lua: `hear(hash, given)` is the time in milliseconds since the epoch, by the server's clock, and whether it is to be kept as the `latest`
 * in the hash; `tell` keeps it. `text(number)` writes a number so that it is read back exactly.
 *
 * The time never goes back: the latest holds for as long as the clock is behind it, also on another server after a failover.
 */
export const clockScript: string = `
local function text(number) return string.format("%.17g", number) end

local function hear(hash, given)
  local now = tonumber(given)
  if not now then
    local time = redis.call("TIME")
    now = time[1] * 1000 + time[2] / 1000
  end
  local latest = tonumber(redis.call("HGET", hash, "latest") or 0)
  return math.max(now, latest), now > latest
end

local function tell(hash, given)
  local now, isNew = hear(hash, given)
  if isNew then redis.call("HSET", hash, "latest", text(now)) end
  return now
end
`;
