import type { ModelErrorCode, ModelRequest } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { ProviderSample } from "../provider-sample.ts";
import { sampleFetch, socketFailure } from "./sample-fetch.ts";
import type { ServedBytes } from "./sample-fetch.ts";
import type { CreateProvider } from "./sample-faults.ts";

/** Something that goes wrong on the way, whatever the provider; what is expected of an adapter then. */
export interface TransportCase {
  /** A sentence: `a refused connection is a network error`. */
  readonly name: string;
  readonly mode: ProviderSample["mode"];
  /** What is wrong; empty where nothing is. */
  readonly faults: (create: CreateProvider, sample: ProviderSample) => Promise<string[]>;
}

const html = new TextEncoder().encode("<!doctype html>\n<html><body><h1>Welcome to the portal</h1></body></html>\n");

/** All of them. */
export const transportCases: readonly TransportCase[] = [
  rejecting("a refused connection is a network error", socketFailure("fetch failed", "ECONNREFUSED"), "network"),
  rejecting("an unknown host is a network error", socketFailure("fetch failed", "ENOTFOUND"), "network"),
  rejecting("a reset before the headers is a network error", socketFailure("fetch failed", "ECONNRESET"), "network"),
  rejecting(
    "headers that never come are a timeout",
    socketFailure("fetch failed", "UND_ERR_HEADERS_TIMEOUT"),
    "timeout",
  ),
  answering("a page of HTML with status 200 is a parse error", "generate", "text/html", html, "parse"),
  answering(
    "an empty body with status 200 is a parse error",
    "generate",
    "application/json",
    new Uint8Array(),
    "parse",
  ),
  answering("a stream without a byte is no success", "stream", undefined, new Uint8Array(), "truncated", "parse"),
  {
    name: "an answer in one body that breaks off is no success",
    mode: "generate",
    faults: (create, sample) =>
      failing(create, sample, { ...sample, chunks: [sample.body.subarray(0, -2)] }, "parse", "network", "truncated"),
  },
  {
    name: "a stream that breaks off is a network error or truncated",
    mode: "stream",
    faults: (create, sample) =>
      failing(
        create,
        sample,
        { ...sample, chunks: [sample.body.subarray(0, -2)], breaks: true },
        "network",
        "truncated",
      ),
  },
  calledOff("a call that its caller aborts is aborted, and lets go of the request", undefined, "aborted"),
  calledOff(
    "a call whose time is over is a timeout, and lets go of the request",
    new DOMException("late", "TimeoutError"),
    "timeout",
  ),
  {
    name: "leaving the loop lets go of the body",
    mode: "stream",
    async faults(create, sample) {
      const served = sampleFetch({
        ...sample,
        chunks: [sample.body.subarray(0, Math.floor(sample.body.length * 0.6))],
        hangs: true,
      });
      const model = create({ fetch: served.fetch, model: sample.call.model, sample });
      try {
        for await (const _ of await model.stream(requestOf(sample))) break;
      } catch (error) {
        return [`cancel: rejected with ${String(error)}`];
      }
      return letGo(served);
    },
  },
];

/** Whether the cases can be tried with a sample: it must be answered, and say something early in its stream. */
export function suits({ status, expected, framing, mode }: ProviderSample): boolean {
  const success = status < 300 && expected.finishReason === "stop" && Boolean(expected.text);
  return success && (mode === "generate" ? framing === "json" : framing !== "json");
}

function requestOf({ call: { messages, tools } }: ProviderSample): ModelRequest {
  return { messages, ...(tools && { tools }) };
}

function rejecting(name: string, error: TypeError, ...codes: readonly ModelErrorCode[]): TransportCase {
  return {
    name,
    mode: "generate",
    faults: (create, sample) => codeFaults(create, sample, () => Promise.reject(error), codes),
  };
}

function answering(
  name: string,
  mode: TransportCase["mode"],
  type: string | undefined,
  body: Uint8Array,
  ...codes: readonly ModelErrorCode[]
): TransportCase {
  return {
    name,
    mode,
    faults: (create, sample) =>
      failing(
        create,
        sample,
        { status: 200, headers: type === undefined ? sample.headers : { "content-type": type }, chunks: [body] },
        ...codes,
      ),
  };
}

function failing(
  create: CreateProvider,
  sample: ProviderSample,
  served: ServedBytes,
  ...codes: readonly ModelErrorCode[]
): Promise<string[]> {
  return codeFaults(create, sample, sampleFetch(served).fetch, codes);
}

async function codeFaults(
  create: CreateProvider,
  sample: ProviderSample,
  fetch: typeof globalThis.fetch,
  codes: readonly ModelErrorCode[],
  signal?: AbortSignal,
): Promise<string[]> {
  const model = create({ fetch, model: sample.call.model, sample });
  const request = { ...requestOf(sample), ...(signal && { signal }) };
  try {
    const { finishReason } = await (sample.mode === "generate"
      ? model.generate(request)
      : (await model.stream(request)).result());
    return [`error: answered with \`${finishReason}\`, expected ${codes.join(" or ")}`];
  } catch (error) {
    if (!(error instanceof ModelError)) return [`error: rejected with ${String(error)}, which is no ModelError`];
    return codes.includes(error.code)
      ? []
      : [`error code: expected ${codes.join(" or ")}, got ${error.code} (${error.message})`];
  }
}

/** Called off once the request is out, while nothing comes back. */
function calledOff(name: string, reason: unknown, code: ModelErrorCode): TransportCase {
  return {
    name,
    mode: "generate",
    async faults(create, sample) {
      const caller = new AbortController();
      const served = sampleFetch({ ...sample, chunks: [], hangs: true });
      const fetch: typeof globalThis.fetch = (input, init) => {
        setImmediate(() => caller.abort(reason));
        return served.fetch(input, init);
      };
      const faults = await codeFaults(create, sample, fetch, [code], caller.signal);
      return faults.length > 0 ? faults : letGo(served);
    },
  };
}

async function letGo(served: ReturnType<typeof sampleFetch>): Promise<string[]> {
  // Cancelling a body takes a few turns.
  await new Promise((resolve) => setImmediate(resolve));
  const told = served.cancelled > 0 || served.requests[0]?.signal?.aborted;
  return told ? [] : ["cancel: neither was the body cancelled nor the signal of the request aborted"];
}
