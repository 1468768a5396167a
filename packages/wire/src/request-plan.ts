import type { RequestPlan } from "@plugboard/core";
import { headersOf } from "./exchange.ts";
import type { WholeExchange } from "./exchange.ts";
import type { StreamFraming } from "./framing.ts";
import { withoutSecrets } from "./redact.ts";

/** What a written request would send: nothing is sent, and no key is asked for. */
export function requestPlan(exchange: WholeExchange<unknown>, framing?: StreamFraming): RequestPlan {
  const { url, body, warnings = [] } = exchange;
  return { method: "POST", url, headers: withoutSecrets(headersOf(exchange, framing)), body, warnings };
}
