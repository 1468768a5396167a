import { inspect } from "node:util";
import { ModelError } from "@plugboard/core";
import type { ModelErrorCode, ModelRequest } from "@plugboard/core";
import type { ProviderSample } from "../provider-sample.ts";
import { sampleFetch, socketFailure } from "./sample-fetch.ts";
import type { SampleFetch } from "./sample-fetch.ts";
import type { CreateProvider } from "./sample-faults.ts";

/** Something that goes wrong on the way, whatever the provider, and what must come of it. */
export interface TransportCase {
  /** A sentence: `a refused connection is a network error`. */
  readonly name: string;
  readonly mode: ProviderSample["mode"];
  /** The error codes of which one is right; none where nothing fails. */
  readonly codes: readonly ModelErrorCode[];
  /** What is wrong with an adapter; empty where nothing is. */
  readonly faults: (create: CreateProvider, sample: ProviderSample) => Promise<string[]>;
}

/** How a case answers a request. */
type Answering = (sample: ProviderSample) => typeof globalThis.fetch;

const html = new TextEncoder().encode("<!doctype html>\n<html><body><h1>Welcome to the portal</h1></body></html>\n");

/** All of them. */
export const transportCases: readonly TransportCase[] = [
  failing("a refused connection is a network error", "generate", ["network"], rejected("fetch failed", "ECONNREFUSED")),
  failing("an unknown host is a network error", "generate", ["network"], rejected("fetch failed", "ENOTFOUND")),
  failing(
    "a reset before the headers is a network error",
    "generate",
    ["network"],
    rejected("fetch failed", "ECONNRESET"),
  ),
  failing(
    "headers that never come are a timeout",
    "generate",
    ["timeout"],
    rejected("fetch failed", "UND_ERR_HEADERS_TIMEOUT"),
  ),
  failing("a page of HTML with status 200 is a parse error", "generate", ["parse"], bytes(html, "text/html")),
  failing("an empty body with status 200 is a parse error", "generate", ["parse"], bytes(new Uint8Array())),
  failing("a stream without a byte is no success", "stream", ["truncated", "parse"], bytes(new Uint8Array())),
  failing(
    "a body that ends early is no success",
    "generate",
    ["parse", "network", "truncated"],
    (sample) => sampleFetch({ ...sample, chunks: [begun(sample)] }).fetch,
  ),
  failing(
    "a stream that breaks off is a network error, or truncated",
    "stream",
    ["network", "truncated"],
    (sample) => sampleFetch({ ...sample, chunks: [begun(sample)], breaks: true }).fetch,
  ),
  calledOff("a call that its caller aborts is aborted, and lets go of the request", "aborted", undefined),
  calledOff("a call whose time is over is a timeout, and lets go of the request", "timeout", "TimeoutError"),
  {
    name: "leaving the loop lets go of the body",
    mode: "stream",
    codes: [],
    async faults(create, sample) {
      const served = sampleFetch({ ...sample, chunks: [begun(sample)], hangs: true });
      const model = create({ fetch: served.fetch, model: sample.call.model, sample });
      try {
        for await (const _ of await model.stream(requestOf(sample))) break;
      } catch (error) {
        return [`cancel: rejected with ${inspect(error)}`];
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

function failing(
  name: string,
  mode: TransportCase["mode"],
  codes: TransportCase["codes"],
  answering: Answering,
): TransportCase {
  return {
    name,
    mode,
    codes,
    faults: (create, sample) => codeFaults(create, sample, answering(sample), codes),
  };
}

/** Called off once the request is out, while nothing comes back. */
function calledOff(name: string, code: ModelErrorCode, reason: string | undefined): TransportCase {
  return {
    name,
    mode: "generate",
    codes: [code],
    async faults(create, sample) {
      const caller = new AbortController();
      const served = sampleFetch({ ...sample, chunks: [], hangs: true });
      const fetch: typeof globalThis.fetch = (input, init) => {
        setImmediate(() => caller.abort(reason && new DOMException("It is late.", reason)));
        return served.fetch(input, init);
      };
      const faults = await codeFaults(create, sample, fetch, [code], caller.signal);
      return faults.length > 0 ? faults : letGo(served);
    },
  };
}

function rejected(message: string, code: string): Answering {
  return () => () => Promise.reject(socketFailure(message, code));
}

function bytes(body: Uint8Array, type?: string): Answering {
  return ({ headers }) =>
    sampleFetch({ status: 200, headers: type === undefined ? headers : { "content-type": type }, chunks: [body] })
      .fetch;
}

/** The first three fifths: something is said, and how it ends is not. */
function begun({ body }: ProviderSample): Uint8Array {
  return body.subarray(0, Math.floor(body.length * 0.6));
}

function requestOf({ call: { messages, tools } }: ProviderSample): ModelRequest {
  return { messages, ...(tools && { tools }) };
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
  const wanted = codes.join(" or ");
  try {
    const streamed = sample.mode === "stream" ? await model.stream(request) : undefined;
    const { finishReason } = await (streamed ? streamed.result() : model.generate(request));
    return [`error: answered with \`${finishReason}\`, expected ${wanted}`];
  } catch (error) {
    if (!(error instanceof ModelError)) return [`error: rejected with ${inspect(error)}, which is no ModelError`];
    return codes.includes(error.code) ? [] : [`error code: expected ${wanted}, got ${error.code} (${error.message})`];
  }
}

async function letGo(served: SampleFetch): Promise<string[]> {
  // Cancelling a body takes a few turns.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  const told = served.cancelled > 0 || served.requests[0]?.signal?.aborted;
  return told ? [] : ["cancel: neither was the body cancelled nor the signal of the request aborted"];
}
