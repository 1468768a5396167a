/** Milliseconds since the epoch in place of the server's, where a test turns the hands. */
export type Clock = (() => number) | undefined;

/** The argument that `clockScript` reads. */
export function timeOf(clock: Clock): string {
  return clock ? String(clock()) : "";
}

/**
 * Lua: `tell(hash, given)` is the time in milliseconds since the epoch, by the server's clock; `text(number)` writes a number so that it
 * is read back exactly.
 *
 * The time never goes back: the latest stands in the hash, and holds for as long as the clock is behind it, also on another server
 * after a failover.
 */
export const clockScript: string = `
local function text(number) return string.format("%.17g", number) end

local function tell(hash, given)
  local now = tonumber(given)
  if not now then
    local time = redis.call("TIME")
    now = time[1] * 1000 + time[2] / 1000
  end
  local latest = tonumber(redis.call("HGET", hash, "latest") or 0)
  if now <= latest then return latest end
  redis.call("HSET", hash, "latest", text(now))
  return now
end
`;
