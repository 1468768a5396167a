// The upstreams of the soak, in a process of their own so that the heap of the other one is the library's alone.
import { seededRandom } from "@plugboard/testing";
import { protocols } from "../protocols.ts";
import type { Protocol } from "../protocols/protocol.ts";
import type { ReceivedRequest } from "../upstream/request-reader.ts";
import type { Script } from "../upstream/step.ts";
import { startUpstream } from "../upstream/upstream.ts";
import { drawScript } from "./draw-script.ts";

/** What the other process asks for. */
export type SoakOrder = "count" | "begin-outage" | "end-outage";
/** What it is told: where to send requests, once; and what is open. */
export type SoakReport = { readonly origins: readonly string[] } | { readonly open: number; readonly requests: number };

const [seed = "1"] = process.argv.slice(2);
const attempts = new Map<string, number>();
let requests = 0;
let outage = false;

const first = await startUpstream((request) => scriptFor(request, outage));
const second = await startUpstream((request) => scriptFor(request, false));
process.on("message", (order: SoakOrder) => {
  if (order === "count") report({ open: first.open + second.open, requests });
  else outage = order === "begin-outage";
});
process.once("disconnect", () => process.exit());
report({ origins: [first.origin, second.origin] });

function report(report: SoakReport): void {
  process.send?.(report);
}

function scriptFor({ head, headers }: ReceivedRequest, isOut: boolean): Script {
  const call = headers["x-soak-call"];
  if (call === undefined) return [];
  requests++;
  const attempt = (attempts.get(call) ?? 0) + 1;
  attempts.set(call, attempt);
  const random = isOut ? () => 0 : seededRandom(`${seed} ${call} ${attempt}`);
  return drawScript({ protocol: protocolOf(head), call, random });
}

function protocolOf(head: string): Protocol {
  const path = ["/chat/completions", "/responses", "/messages", ":streamGenerateContent"];
  return protocols[path.findIndex((part) => head.includes(part))]!;
}
