import { inspect, isDeepStrictEqual } from "node:util";
import { ModelError, textOf } from "@plugboard/core";
import type {
  AssistantPart,
  Finish,
  Json,
  Model,
  ModelEvent,
  ModelRequest,
  ModelResult,
  ProviderModel,
  RequestPlan,
  Start,
} from "@plugboard/core";
import type { ProviderFeatures } from "../provider-features.ts";
import type { ProviderSample } from "../provider-sample.ts";
import type { Answer } from "./answer.ts";
import { answerFaults } from "./answer-faults.ts";
import { deliveries } from "./deliveries.ts";
import type { Delivery } from "./deliveries.ts";
import { eventFaults } from "./event-faults.ts";
import { sampleFetch } from "./sample-fetch.ts";
import type { SampleFetch } from "./sample-fetch.ts";

/** Makes the adapter that is judged. It must send its requests through the fetch it is given. */
export type CreateProvider = (parts: {
  readonly fetch: typeof globalThis.fetch;
  /** The model that the sample was recorded with. */
  readonly model: string;
  /** For what depends on it, such as the dialect of a compatible server. */
  readonly sample: ProviderSample;
}) => Model;

/** What a suite may be told besides. */
export interface TestProviderOptions {
  /** What is wrong with a request body; nothing where it is valid. For a check against the provider's schema. */
  readonly requestErrors?: (body: Json, url: string) => readonly unknown[];
  /** What the adapter says that it supports: held against what it would send. */
  readonly features?: ProviderFeatures;
  /** Milliseconds that one sample may take in all its deliveries. @default 10_000 */
  readonly timeout?: number;
}

/**
 * What is wrong with how an adapter takes a sample, in every delivery; each fault begins with the name of its rule and ends with the
 * delivery. Where the whole bytes are taken wrong already, nothing else is tried.
 */
export async function sampleFaults(
  create: CreateProvider,
  sample: ProviderSample,
  { requestErrors, timeout = 10_000 }: TestProviderOptions = {},
): Promise<string[]> {
  const faults: string[] = [];
  let running = "";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([...faults, `end: no end within ${timeout} ms (delivered: ${running})`]), timeout);
  });
  const judged = (async () => {
    for (const delivery of deliveries(sample)) {
      running = delivery.name;
      const found = await deliveryFaults(create, sample, delivery, requestErrors);
      faults.push(...found.map((fault) => `${fault} (delivered: ${delivery.name})`));
      if (delivery.name === "whole" && faults.length > 0) break;
    }
    return faults;
  })();
  try {
    return await Promise.race([judged, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function deliveryFaults(
  create: CreateProvider,
  sample: ProviderSample,
  delivery: Delivery,
  requestErrors: TestProviderOptions["requestErrors"],
): Promise<string[]> {
  const { status, headers, expected } = sample;
  const { chunks, breaks, accepts } = delivery;
  const served = sampleFetch({ status, headers, chunks, breaks });
  const answer = await answerOf(create, sample, served);
  const faults = answerFaults(answer, expected, accepts);
  if (sample.mode === "stream" && answer.events.length > 0) {
    faults.push(...eventFaults(answer.events, answer.error !== undefined), ...partialFaults(answer));
  }
  if (sample.mode === "stream" && faults.length === 0) {
    faults.push(
      ...drainedFaults(await drainedOf(create, sample, sampleFetch({ status, headers, chunks, breaks })), answer),
    );
  }
  if (delivery.name !== "whole") return faults;

  faults.push(...requestFaults(served, requestErrors), ...(await planFaults(create, sample, served)));
  return faults;
}

/** Asks as the sample says: reads a stream event by event, or waits for the whole. */
async function answerOf(create: CreateProvider, sample: ProviderSample, { fetch }: SampleFetch): Promise<Answer> {
  const events: ModelEvent[] = [];
  try {
    const model = create({ fetch, model: sample.call.model, sample });
    if (sample.mode === "generate") return { events, result: await model.generate(requestOf(sample)) };
    for await (const event of await model.stream(requestOf(sample))) events.push(event);
    return { events, result: addedUp(events) };
  } catch (error) {
    return { events, error };
  }
}

function requestOf({ call: { messages, tools } }: ProviderSample): ModelRequest {
  return { messages, ...(tools && { tools }) };
}

/** The answer that events add up to, reckoned apart from the library's own way. */
function addedUp(events: readonly ModelEvent[]): ModelResult {
  const content: AssistantPart[] = [];
  let start: Start = { model: "" };
  let finish: Finish = { finishReason: "unfinished", usage: {} };
  for (const event of events) {
    const { type: _, ...rest } = event;
    if (event.type === "start") start = rest as Start;
    else if (event.type === "finish") finish = rest as Finish;
    else if (event.type === "part") content[event.index] = event.part;
  }
  const warnings = [...(start.warnings ?? []), ...(finish.warnings ?? [])];
  return { ...start, ...finish, content: content.filter((part) => part !== undefined), warnings };
}

/** What the reader was given before it was thrown to is in the error too. */
function partialFaults({ events, error }: Answer): string[] {
  if (!(error instanceof ModelError)) return [];
  let read = "";
  for (const event of events) if (event.type === "text-delta") read += event.text;
  const kept = error.partial ? textOf(error.partial) : "";
  return kept.startsWith(read)
    ? []
    : [`partial: the reader got ${JSON.stringify(read)}, \`partial\` has ${JSON.stringify(kept)}`];
}

function requestFaults({ requests }: SampleFetch, requestErrors: TestProviderOptions["requestErrors"]): string[] {
  const [request] = requests;
  if (!request || requests.length > 1)
    return [`request: the fetch given was called ${requests.length} times; a call is one request`];
  const errors = requestErrors?.(JSON.parse(request.body) as Json, request.url) ?? [];
  return errors.map((error) => `request: ${typeof error === "string" ? error : JSON.stringify(error)}`);
}

/** Where the adapter says what it would send, that is what it sent. */
async function planFaults(
  create: CreateProvider,
  sample: ProviderSample,
  { requests }: SampleFetch,
): Promise<string[]> {
  const unused = sampleFetch({ status: 500, headers: {}, chunks: [] });
  const model = create({ fetch: unused.fetch, model: sample.call.model, sample });
  const [sent] = requests;
  if (!("plan" in model) || !sent) return [];
  let planned: RequestPlan;
  try {
    planned = await (model as ProviderModel).plan({ ...requestOf(sample), stream: sample.mode === "stream" });
  } catch (error) {
    return [`plan: rejects with ${inspect(error)}, though the call was sent`];
  }
  const faults = unused.requests.length > 0 ? ["plan: it sends a request"] : [];
  if (planned.url !== sent.url) faults.push(`plan: the URL is ${planned.url}, it was sent to ${sent.url}`);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(planned.body)), JSON.parse(sent.body)))
    faults.push(`plan: the body is ${JSON.stringify(planned.body)}, ${sent.body} was sent`);
  return faults;
}

/** Asks for a stream, and reads none of its events. */
async function drainedOf(create: CreateProvider, sample: ProviderSample, { fetch }: SampleFetch): Promise<Answer> {
  try {
    const reply = await create({ fetch, model: sample.call.model, sample }).stream(requestOf(sample));
    return { events: [], result: await reply.result() };
  } catch (error) {
    return { events: [], error };
  }
}

/** `result()` gives what the events add up to, and fails as their reading does. */
function drainedFaults(drained: Answer, read: Answer): string[] {
  const [one, other] = [lasting(drained), lasting(read)];
  return isDeepStrictEqual(one, other)
    ? []
    : [`drained: \`result()\` gives ${JSON.stringify(one)}, the events add up to ${JSON.stringify(other)}`];
}

/** Without what differs from call to call. */
function lasting({ result, error }: Answer): object {
  if (!result) {
    const { code, status, partial } = ModelError.from(error);
    return { code, status, said: partial && textOf(partial) };
  }
  const { attempts: _, cost: __, created: ___, ...lasts } = result;
  return lasts;
}
