import type { Model } from "@plugboard/core";
import { circuitBreaker, concurrency, retry, timeout } from "@plugboard/middleware";
import { fallback } from "@plugboard/routing";
import { nodeTransport } from "@plugboard/wire";
import type { Protocol } from "../protocols/protocol.ts";
import { key } from "../secrets.ts";

/** A chain such as an application has, with short clocks; the more streams at once, the longer each has to wait for its turn. */
export function soakedModel({ model }: Protocol, origins: readonly string[], limit: number): Model {
  const silence = 400 + 4 * limit;
  const transport = nodeTransport({ keepAlive: 500 }); // so that it is known soon what stays open for good
  const targets = origins.map((baseURL) =>
    model({ apiKey: key, baseURL, transport, headers: { "x-application": "soak" } }).with(
      circuitBreaker({ open: 500, maxOpen: 2000 }),
      retry({ delay: 20, maxDelay: 100 }),
      timeout({ first: silence, idle: silence }),
    ),
  );
  return fallback(targets, { cooldown: false }).with(timeout({ total: 4 * silence }), concurrency({ limit }));
}
