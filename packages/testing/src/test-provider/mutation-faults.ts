import { inspect } from "node:util";
import { ModelError, textOf } from "@plugboard/core";
import type { Json, ModelEvent, ModelRequest, ModelResult, Usage } from "@plugboard/core";
import type { ProviderSample } from "../provider-sample.ts";
import { seededRandom } from "../seeded-random.ts";
import { eventFaults } from "./event-faults.ts";
import { jsonIn, mutated, piecesOf } from "./mutations.ts";
import type { Mutation } from "./mutations.ts";
import type { CreateProvider } from "./sample-faults.ts";
import { sampleFetch } from "./sample-fetch.ts";

/** How many streams are spoiled, and how. */
export interface MutationOptions {
  /** @default 200 */
  readonly count?: number;
  /** The same seed spoils the same bytes in the same way. @default 1 */
  readonly seed?: number;
  /** Milliseconds that one of them may take. @default 2000 */
  readonly timeout?: number;
}

/** What came of them. */
export interface MutationReport {
  /** Each begins with the name of its rule and ends with what finds it again. */
  readonly faults: readonly string[];
  readonly answers: number;
  readonly errors: number;
}

/**
 * Spoils the bytes of samples, and looks at what an adapter makes of them: an answer or a `ModelError`, in time, and no text that no
 * event said.
 */
export async function mutationFaults(
  create: CreateProvider,
  samples: readonly ProviderSample[],
  { count = 200, seed = 1, timeout = 2000 }: MutationOptions = {},
): Promise<MutationReport> {
  const faults: string[] = [];
  let answers = 0;
  let errors = 0;
  const usable = samples.filter(({ body, status }) => body.length > 0 && status < 300);
  const stray = (reason: unknown): void => void faults.push(`rejection: nobody handled ${inspect(reason)}`);
  process.on("unhandledRejection", stray);
  try {
    for (let number = 0; number < count; number++) {
      const mutation = mutated(usable, seededRandom(seed * 1_000_003 + number));
      const outcome = await outcomeOf(create, mutation.sample, mutation, timeout);
      if ("result" in outcome) answers++;
      else errors++;
      const found = faultsOf(outcome, mutation.sample, mutation);
      faults.push(
        ...found.map((fault) => `${fault} (${mutation.sample.name}, seed ${seed}, number ${number}: ${mutation.name})`),
      );
    }
    await new Promise((resolve) => {
      setImmediate(resolve); // an unhandled rejection is told of after the turn in which it happened
    });
  } finally {
    process.off("unhandledRejection", stray);
  }
  return { faults, answers, errors };
}

type MutationOutcome =
  | { readonly result: ModelResult; readonly events: readonly ModelEvent[] }
  | { readonly error: unknown; readonly events: readonly ModelEvent[] }
  | { readonly hangs: true };

async function outcomeOf(
  create: CreateProvider,
  sample: ProviderSample,
  { body, name }: Mutation,
  timeout: number,
): Promise<MutationOutcome> {
  const { status, headers, call, mode } = sample;
  const { fetch } = sampleFetch({ status, headers, chunks: fewChunks(body, name) });
  const request: ModelRequest = { messages: call.messages, ...(call.tools && { tools: call.tools }) };
  const events: ModelEvent[] = [];
  const answered = (async (): Promise<MutationOutcome> => {
    try {
      const model = create({ fetch, model: call.model, sample });
      if (mode === "generate") return { result: await model.generate(request), events };
      const reply = await model.stream(request);
      for await (const event of reply) events.push(event);
      return { result: await reply.result(), events };
    } catch (error) {
      return { error, events };
    }
  })();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MutationOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ hangs: true }), timeout);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Cut at a few places: how bytes are delivered is what `deliveries` try, and many reads take long. */
function fewChunks(body: Uint8Array, seed: string): Uint8Array[] {
  const random = seededRandom(seed);
  const cuts = Array.from({ length: 3 }, () => Math.floor(random() * body.length)).toSorted((a, b) => a - b);
  return [0, ...cuts].map((from, place) => body.subarray(from, cuts[place] ?? body.length));
}

function faultsOf(outcome: MutationOutcome, sample: ProviderSample, mutation: Mutation): string[] {
  if ("hangs" in outcome) return ["hang: no end"];
  const faults: string[] = [];
  if ("error" in outcome) {
    if (!(outcome.error instanceof ModelError))
      return [`error: rejected with ${inspect(outcome.error)}, which is no ModelError`];
    if (outcome.events.length > 0) faults.push(...eventFaults(outcome.events, true));
    const said = outcome.error.partial ? textOf(outcome.error.partial) : "";
    // What could not be read is kept as it came, but for secrets in it.
    const raw = new TextDecoder().decode(mutation.body).trimStart();
    const isRaw = outcome.error.code === "parse" && raw.startsWith(said.trimStart().slice(0, 32));
    if (!isRaw && !isMadeOf(said, saidIn(mutation.body, sample))) faults.push(`text: no event said ${shown(said)}`);
    return faults;
  }
  const { result, events } = outcome;
  const text = textOf(result);
  if (events.length > 0) faults.push(...eventFaults(events, false));
  if (!isMadeOf(text, saidIn(mutation.body, sample))) faults.push(`text: no event said ${shown(text)}`);
  const { text: wanted } = sample.expected;
  if (mutation.inert && wanted !== undefined && text !== wanted && sample.expected.refusal === undefined)
    faults.push(`text: nothing of it was touched, and it is ${shown(text)}`);
  faults.push(...contentFaults(result), ...usageFaults(result.usage));
  return faults;
}

function contentFaults({ content, finishReason }: ModelResult): string[] {
  const faults: string[] = [];
  if (typeof finishReason !== "string") faults.push(`finish reason: it is ${JSON.stringify(finishReason)}`);
  for (const part of content) {
    if ((part.type === "text" || part.type === "reasoning") && typeof part.text !== "string")
      faults.push(`content: a ${part.type} part whose text is ${JSON.stringify(part.text)}`);
    if (part.type !== "tool-call") continue;
    if (typeof part.id !== "string" || part.id === "") faults.push(`tool calls: the id ${JSON.stringify(part.id)}`);
    if (typeof part.name !== "string") faults.push(`tool calls: the name ${JSON.stringify(part.name)}`);
  }
  return faults;
}

function usageFaults(usage: Usage): string[] {
  const faults: string[] = [];
  for (const [name, count] of Object.entries(usage)) {
    if (typeof count === "number" && !(Number.isFinite(count) && count >= 0))
      faults.push(`usage ${name}: it is ${String(count)}`);
    else if (typeof count !== "number" && typeof count !== "object" && typeof count !== "boolean")
      faults.push(`usage ${name}: it is ${JSON.stringify(count)}`);
  }
  const { input, output, cachedInput = 0, reasoning = 0 } = usage;
  if (input !== undefined && cachedInput > input) faults.push(`usage cachedInput: ${cachedInput} of ${input}`);
  if (output !== undefined && reasoning > output) faults.push(`usage reasoning: ${reasoning} of ${output}`);
  return faults;
}

/** Every text in the JSON of a body's events, spoiled or not. */
function saidIn(body: Uint8Array, { framing, body: whole }: ProviderSample): ReadonlySet<string> {
  const said = new Set<string>();
  for (const piece of piecesOf(body, framing)) gather(jsonIn(piece, framing), said);
  // Blank lines may be gone or new: each line is tried by itself, too.
  if (framing === "sse") for (const piece of piecesOf(body, "ndjson")) gather(jsonIn(piece, framing), said);
  // Which frames are damaged is for their checksums to say: any may have said what it did before.
  if (framing === "aws-eventstream") for (const piece of piecesOf(whole, framing)) gather(jsonIn(piece, framing), said);
  said.delete("");
  return said;
}

function gather(value: Json | undefined, said: Set<string>): void {
  if (typeof value === "string") said.add(value);
  else if (typeof value === "object" && value !== null) for (const member of Object.values(value)) gather(member, said);
}

/** Whether a text is a row of pieces. */
function isMadeOf(text: string, pieces: ReadonlySet<string>): boolean {
  if (text === "" || pieces.has(text)) return true;
  const byFirst = new Map<string, string[]>();
  for (const piece of pieces) {
    const first = piece[0]!;
    const list = byFirst.get(first);
    if (list) list.push(piece);
    else byFirst.set(first, [piece]);
  }
  const reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (let place = 0; place < text.length; place++) {
    if (!reached[place]) continue;
    for (const piece of byFirst.get(text[place]!) ?? [])
      if (text.startsWith(piece, place)) reached[place + piece.length] = 1;
  }
  return reached[text.length] === 1;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
