import { ModelError } from "@plugboard/core";
import { redact, secretsOf } from "@plugboard/wire";
import type { ProviderSample } from "./provider-sample.ts";

/** What is recorded, and of what. */
export interface RecordSamplesOptions {
  /** What is asked, as the samples are to have it: the recorder sees bytes alone. */
  readonly call: ProviderSample["call"];
  /** The first sample's name; further ones have a number after it, such as `stream-hello-2`. */
  readonly name: string;
  /** Who asks. @default the global fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/** A recorder of what a provider really sends. */
export interface SampleRecorder {
  /** For the adapter, in place of its own. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Drafts of samples, in the order of the requests, once their answers were whole. `expected` is empty: what an adapter must make of the bytes is read
   * from the provider's documentation, and not from what the adapter made of them.
   *
   * @throws {ModelError} `invalid-request` for binary frames that hold the key, from which it cannot be taken
   */
  drafts(): Promise<ProviderSample[]>;
}

/**
 * Records what a provider answers, byte by byte, as drafts of samples for `testProvider`. Keys that were sent, whatever looks like one and queries
 * of URLs are taken out; of the headers there are the type, the limits, the pause and the id of the request.
 *
 * @example
 * const recorder = recordSamples({ name: "stream-hello", call: { model: "parrot-1", messages: [{ role: "user", content: "Hello" }] } });
 * await acme("parrot-1", { fetch: recorder.fetch, apiKey: process.env.ACME_API_KEY! }).stream("Hello").then((reply) => reply.result());
 * for (const { name, body } of await recorder.drafts()) await writeFile(`samples/${name}.txt`, body);
 */
export function recordSamples({ call, name, fetch = globalThis.fetch }: RecordSamplesOptions): SampleRecorder {
  const answers: Promise<ProviderSample | undefined>[] = [];
  return {
    async fetch(input, init) {
      const place = answers.length;
      const sent = sentWith(input, init);
      const answer = Promise.withResolvers<ProviderSample | undefined>();
      answers.push(answer.promise);
      // Told to whoever asks for drafts, and to nobody before.
      answer.promise.catch(() => {});
      try {
        const response = await fetch(input, init);
        const id = { name: place === 0 ? name : `${name}-${place + 1}`, call };
        answer.resolve(draftOf(response.clone(), id, sent));
        return response;
      } catch (error) {
        answer.resolve(undefined);
        throw error;
      }
    },
    async drafts() {
      return (await Promise.all(answers)).filter((draft) => draft !== undefined);
    },
  };
}

/** The secrets of a request. */
function sentWith(input: Parameters<typeof globalThis.fetch>[0], init: RequestInit | undefined): string[] {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  const { searchParams } = new URL(input instanceof Request ? input.url : input);
  return [...secretsOf(Object.fromEntries(headers)), ...secretsOf(Object.fromEntries(searchParams))];
}

/** What says something about the answer, and nothing about whose it is. */
const kept = /^(?:content-type|retry-after(?:-ms)?|.*ratelimit.*|(?:.*-)?request-id)$/;

async function draftOf(
  response: Response,
  id: Pick<ProviderSample, "name" | "call">,
  secrets: readonly string[],
): Promise<ProviderSample | undefined> {
  const { status } = response;
  const framing = framingOf(response.headers.get("content-type") ?? "");
  const body = await response.arrayBuffer().catch(() => undefined);
  // An answer that was let go is not whole, and says nothing that can be held to.
  if (!body) return undefined;
  return {
    ...id,
    mode: framing === "json" ? "generate" : "stream",
    status,
    headers: Object.fromEntries([...response.headers].filter(([header]) => kept.test(header))),
    body: withoutKeys(new Uint8Array(body), framing, secrets),
    framing,
    expected: {},
    exercises: [],
  };
}

function framingOf(type: string): ProviderSample["framing"] {
  if (type.includes("event-stream")) return "sse";
  if (type.includes("eventstream")) return "aws-eventstream";
  return /ndjson|jsonl|json-?lines/.test(type) ? "ndjson" : "json";
}

function withoutKeys(body: Uint8Array, framing: ProviderSample["framing"], secrets: readonly string[]): Uint8Array {
  if (framing !== "aws-eventstream") return new TextEncoder().encode(redact(new TextDecoder().decode(body), secrets));
  const text = new TextDecoder("latin1").decode(body);
  if (secrets.some((secret) => text.includes(secret)))
    throw new ModelError(
      "The answer repeats the key within a checksum, so it cannot be taken out: no sample is made.",
      {
        code: "invalid-request",
      },
    );
  return body;
}
