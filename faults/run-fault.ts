import { setTimeout } from "node:timers/promises";
import { textOf } from "@plugboard/core";
import type { Model, ModelReply, ModelRequest, ModelResult, Notice } from "@plugboard/core";
import { undiciTransport } from "@plugboard/transport-undici";
import type { CallPlan, Fault, Mode, Observation, Place, TransportName, World } from "./fault.ts";
import { judge } from "./judge.ts";
import { ownSleep, ownTime, stalledTime } from "./own-time.ts";
import type { AdapterOptions, Protocol } from "./protocols/protocol.ts";
import { key, question } from "./secrets.ts";
import { startUpstream } from "./upstream/upstream.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** What became of one fault with one protocol. */
export interface Verdict {
  readonly id: string;
  readonly protocol: Protocol["name"];
  readonly mode: Mode;
  /** What does not hold; nothing when all does. */
  readonly problems: readonly string[];
}

/** One fault, and where it is done. */
export interface Run extends Omit<Place, "beside"> {
  readonly fault: Fault;
}

const transports: Readonly<Record<TransportName, Pick<AdapterOptions, "fetch" | "transport">>> = {
  node: {},
  fetch: { fetch: globalThis.fetch },
  undici: { transport: undiciTransport() },
};
/** How long a call may take before it counts as one that hangs. */
const patience = 9000;
/** How often a fault is done at most, when the process was kept from running in the meantime for longer than is `tolerable`. */
const mostTrials = 4;
const tolerable = 50;
/** What was sent before an upstream hangs has arrived by then. */
const arriving = 100;
/** Within which a connection must be closed. */
const closing = 1000;

/** Does one fault to one protocol, and says what did not hold. A machine too busy to tell is asked again. */
export async function runFault(run: Run): Promise<Verdict> {
  for (let trial = 1; ; trial++) {
    const stalled = stalledTime();
    const verdict = await tryFault(run);
    if (verdict.problems.length === 0 || trial === mostTrials || stalledTime() - stalled < tolerable) return verdict;
  }
}

async function tryFault({ fault, protocol, mode, transport }: Run): Promise<Verdict> {
  const beside = fault.beside && (await startUpstream(fault.beside({ protocol, mode, transport })));
  const place: Place = { protocol, mode, transport, beside: beside?.origin ?? "" };
  const upstream = await startUpstream(fault.upstream === "absent" ? [] : fault.upstream(place));
  if (fault.upstream === "absent") await upstream.close();
  try {
    const seen = await observe(fault.call ?? {}, place, upstream, beside);
    const expected = typeof fault.holds === "function" ? fault.holds(place) : fault.holds;
    const requests = fault.upstream === "absent" ? 0 : 1;
    return { id: fault.id, protocol: protocol.name, mode, problems: judge({ requests, ...expected }, seen) };
  } finally {
    if (fault.upstream !== "absent") await upstream.close();
    await beside?.close();
  }
}

async function observe(
  plan: CallPlan,
  place: Place,
  upstream: Upstream,
  beside: Upstream | undefined,
): Promise<Observation> {
  const notices: Notice[] = [];
  const caller = new AbortController();
  const model = modelAt(plan, place, upstream, beside);
  const request: ModelRequest = {
    messages: [{ role: "user", content: question }],
    notify: (notice) => notices.push(notice),
    signal: caller.signal,
    ...(plan.deadline !== undefined && { deadline: Date.now() + plan.deadline }),
    ...plan.request,
  };
  const callOff = (): void => caller.abort(plan.reason);
  if (plan.calledOff === "before") callOff();
  let since = [performance.now(), ownTime()] as const;
  async function callOffWhenHung(): Promise<void> {
    await upstream.hung;
    await ownSleep(arriving, new AbortController().signal);
    since = [performance.now(), ownTime()];
    callOff();
  }
  if (plan.calledOff === "hung") void callOffWhenHung();

  const reading = new Reading(plan, callOff);
  await within(patience, reading.go({ ...place, model, request, upstream }));
  const took = performance.now() - since[0];
  const tookOwn = ownTime() - since[1];
  await within(closing, Promise.all([upstream.quiet(), beside?.quiet()]));
  const closed = upstream.busy === 0 && (beside?.busy ?? 0) === 0;
  const { ended, error, result, text } = reading;
  const { requests, accepted, taken } = upstream;
  const besideRequests = beside?.requests ?? [];
  const answer = { ended, error, result, text, took, tookOwn, closed };
  return { ...place, ...answer, requests, besideRequests, accepted, taken, notices };
}

/** Waits for something, but no longer than so many milliseconds. */
async function within(delay: number, done: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([done, ownSleep(delay, stop.signal)]);
  stop.abort();
}

function modelAt(
  { options, secure, chain }: CallPlan,
  { protocol, transport }: Place,
  upstream: Upstream,
  beside = upstream,
): Model {
  const sent = transports[transport];
  const at = ({ origin }: Upstream): Model =>
    protocol.model({ ...sent, apiKey: key, baseURL: secure ? origin.replace("http:", "https:") : origin, ...options });
  const model = at(upstream);
  return chain ? chain(model, at(beside)) : model;
}

/** What the reader leaves a loop with. */
const bored = new Error("The reader has had enough.");

/** One call, and how the application reads its answer. */
class Reading {
  ended: Observation["ended"] = "hung";
  error: unknown;
  result: ModelResult | undefined;
  text = "";
  readonly #plan: CallPlan;
  readonly #callOff: () => void;

  constructor(plan: CallPlan, callOff: () => void) {
    this.#plan = plan;
    this.#callOff = callOff;
  }

  async go(world: World): Promise<void> {
    const { model, request, mode } = world;
    const { act } = this.#plan;
    let reply: ModelReply | undefined;
    try {
      if (act) this.#answer(await act(world));
      else if (mode === "generate") this.#answer(await model.generate(request));
      else reply = await model.stream(request);
    } catch (error) {
      this.ended = "rejected";
      this.error = error;
    }
    if (!reply) return;
    try {
      await this.#read(reply);
    } catch (error) {
      this.ended = error === bored ? "left" : "thrown";
      this.error = error === bored ? undefined : error;
    }
  }

  #answer(result: ModelResult | undefined): void {
    this.ended = result ? "answered" : "left";
    this.result = result;
    if (result) this.text = textOf(result);
  }

  async #read(reply: ModelReply): Promise<void> {
    const { reader = "read", calledOff, slow } = this.#plan;
    if (reader === "result") return this.#answer(await reply.result());
    if (reader === "dispose") {
      await using _ = reply;
      this.ended = "left";
      return;
    }
    if (reader === "cancel") {
      const reading = reply.next().then(() => reply.next());
      setImmediate(() => reply.cancel());
      await reading;
      this.ended = "left";
      return;
    }
    for await (const event of reply) {
      if (event.type !== "text-delta") continue;
      this.text += event.text;
      if (calledOff === "content") this.#callOff();
      if (slow !== undefined) await setTimeout(slow);
      if (reader === "throw") throw bored;
      if (reader === "break") {
        this.ended = "left";
        return;
      }
    }
    this.result = await reply.result();
    this.ended = "answered";
  }
}
