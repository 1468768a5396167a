import type { CallRecord } from "./call-record.ts";
import type { Ending } from "./log-entry.ts";
import { registry } from "./prometheus.ts";

/** What the gateway counts. Labels are of routes, models and providers, which the operator names: none comes from a client. */
export interface Metrics {
  /** A request is over. */
  ended(record: CallRecord, status: number, ending: Ending): void;
  /** A wrong key came. */
  wrongKey(): void;
  /** The server broke off a connection: `timeout`, `headers`, `malformed`, `full`. */
  connectionRefused(why: string): void;
  /** Requests under way. */
  open: number;
  /** How many connections there are, where somebody knows. */
  connections: () => number;
  text(): string;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Metrics of one gateway. */
export function metrics(): Metrics {
  const all = registry();
  const requests = all.counter("plugboard_requests_total", "Requests that are over.");
  const duration = all.histogram("plugboard_request_seconds", "From a request to the end of its answer.", seconds);
  const first = all.histogram("plugboard_first_content_seconds", "From a request to the first content of a stream.", seconds);
  const attempts = all.counter("plugboard_attempts_total", "Attempts at providers.");
  const tokens = all.counter("plugboard_tokens_total", "Tokens, as providers tell them.");
  const spent = all.counter("plugboard_cost_dollars_total", "What answers cost, in US dollars.");
  const wrong = all.counter("plugboard_wrong_keys_total", "Requests with a wrong key.");
  const refused = all.counter("plugboard_connections_refused_total", "Connections that were broken off.");

  const metrics: Metrics = {
    open: 0,
    connections: () => 0,
    ended(record, status, ending) {
      const { route, model = "", usage, cost } = record;
      requests.add({ route, model, status: String(status), ending });
      duration.observe({ route }, record.elapsed / 1000);
      if (record.firstContent !== undefined) first.observe({ model }, record.firstContent / 1000);
      for (const attempt of record.attempts) {
        const { provider, outcome, error = "" } = attempt;
        attempts.add({ provider, model: attempt.model, outcome, error });
      }
      if (usage?.input !== undefined) tokens.add({ model, direction: "input" }, usage.input);
      if (usage?.output !== undefined) tokens.add({ model, direction: "output" }, usage.output);
      if (cost) spent.add({ model }, cost.total / 1e9);
    },
    wrongKey: () => wrong.add({}),
    connectionRefused: (why) => refused.add({ why }),
    text: () => all.text(),
  };
  all.gauge("plugboard_requests_open", "Requests under way.", () => metrics.open);
  all.gauge("plugboard_connections_open", "Connections to clients.", () => metrics.connections());
  return metrics;
}
