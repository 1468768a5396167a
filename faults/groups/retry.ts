import type { ModelErrorCode } from "@plugboard/core";
import { circuitBreaker, retry, timeout } from "@plugboard/middleware";
import { fallback } from "@plugboard/routing";
import type { CallPlan, Expectation, Fault, Mode, Place } from "../fault.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { end, hang, reset, send, stream, whole } from "../upstream/step.ts";
import type { Script } from "../upstream/step.ts";
import { answered, begun, good, refused, restAfterHello, saidHello } from "./answers.ts";

const both: readonly Mode[] = ["stream", "generate"];
const quick = { delay: 20, maxDelay: 40, random: () => 0.5 } as const;
const retried: CallPlan = { chain: (model) => model.with(retry(quick)) };
const recovered: Expectation = { text: good, finish: "stop", requests: 2 };

/** What may pass is asked again, as told and no more often; what may not is asked once. */
export const retries: readonly Fault[] = [
  again("retry/server-error", "A 500 passes.", (at) => refused(at, 500)),
  again("retry/bad-gateway", "A 502 with a web page of the proxy.", () => page(502)),
  again("retry/overloaded", "A 503 passes.", (at) => refused(at, 503)),
  again("retry/overloaded-529", "529, as Anthropic and others say it.", (at) => refused(at, 529)),
  again("retry/gateway-timeout", "A 504 is a timeout of somebody in between.", (at) => refused(at, 504)),
  again("retry/request-timeout", "408 is the one timeout among the 400s.", (at) => refused(at, 408)),
  again("retry/conflict", "409 is a conflict over a lock.", (at) => refused(at, 409)),
  again("retry/too-early", "425 says so itself.", (at) => refused(at, 425)),
  again("retry/rate-limit", "429 without a word of how long.", (at) => refused(at, 429)),
  again("retry/reset", "A connection that was reset.", () => [reset]),
  again("retry/error-first", "A 200 whose first event is an error: nobody has seen anything.", ({ protocol }) =>
    stream(protocol.error({ status: 503, type: overloadOf(protocol), message: "Overloaded" })),
  ),
  again("retry/error-after-preamble", "The same after what is no content.", ({ protocol }) =>
    stream(protocol.preamble, protocol.error({ status: 503, type: overloadOf(protocol), message: "Overloaded" })),
  ),
  again("retry/cut-before-content", "A stream that ends before it has said anything.", ({ protocol }) => [
    ...begun(protocol),
    end,
  ]),
  again("retry/empty-stream", "A stream without anything in it.", () => stream()),

  once("retry/not-bad-request", "A wrong request stays wrong.", 400, "invalid-request"),
  once("retry/not-unauthorized", "So does a wrong key.", 401, "auth"),
  once("retry/not-payment-required", "And an account that is spent.", 402, "quota"),
  once("retry/not-forbidden", "And what the key may not do.", 403, "permission"),
  once("retry/not-found", "And a model that is not there.", 404, "not-found"),
  once("retry/not-too-large", "And a request that is too large.", 413, "invalid-request"),
  once("retry/not-unprocessable", "And one that does not fit the schema.", 422, "invalid-request"),
  {
    id: "retry/not-spent-quota",
    why: "A 429 that no wait lifts: the account is spent (three peers ask three times).",
    modes: both,
    protocols: ["chat-completions", "responses"],
    upstream: (at) => [
      refused(at, 429, { type: "insufficient_quota", message: "There is nothing left. See your plan." }),
    ],
    call: retried,
    holds: { error: { code: "quota", status: 429 } },
  },
  {
    id: "retry/not-spent-credit",
    why: "A 400 that means the same.",
    modes: both,
    protocols: ["messages"],
    upstream: (at) => [
      refused(at, 400, { type: "invalid_request_error", message: "Your credit balance is too low to access the API." }),
    ],
    call: retried,
    holds: { error: { code: "quota", status: 400 } },
  },
  {
    id: "retry/quota-a-minute",
    why: "Google calls its limits a minute a quota: waiting helps.",
    protocols: ["generate-content"],
    modes: both,
    upstream: (at) => [
      refused(at, 429, {
        type: "RESOURCE_EXHAUSTED",
        message: "You exceeded your current quota, please check your plan.",
      }),
      answered(at),
    ],
    call: retried,
    holds: recovered,
  },
  {
    id: "retry/not-too-long",
    why: "A prompt that is too long stays too long, whatever the status says.",
    modes: both,
    upstream: (at) => [
      refused(at, 400, {
        type: contextOf(at.protocol),
        message: "The prompt is too long: maximum context length is 8192.",
      }),
    ],
    call: retried,
    holds: { error: { code: "context-length", status: 400 } },
  },
  {
    id: "retry/not-filtered",
    why: "A question that the filter refused is refused again.",
    modes: both,
    protocols: ["chat-completions", "responses"],
    upstream: (at) => [refused(at, 400, { type: "content_filter", message: "The response was filtered." })],
    call: retried,
    holds: { error: { code: "content-filter", status: 400 } },
  },
  {
    id: "retry/not-after-content",
    why: "Somebody has read it: an answer that breaks off is not begun again.",
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    call: retried,
    holds: { error: { code: "truncated", partial: "Hello" } },
  },
  {
    id: "retry/error-mid-text",
    why: "Nor is one that ends with an error of the provider.",
    upstream: ({ protocol }) => [
      [
        ...saidHello(protocol),
        send(protocol.error({ status: 503, type: overloadOf(protocol), message: "Overloaded" })),
        end,
      ],
    ],
    call: retried,
    holds: { error: { code: "overloaded", partial: "Hello" } },
  },
  {
    id: "retry/attempts-are-spent",
    why: "Three times in all, and the last failure is told with all of them.",
    modes: both,
    upstream: (at) => [refused(at, 500, { message: "It is broken." })],
    call: retried,
    holds: {
      error: { code: "server", status: 500, message: /It is broken/ },
      requests: 3,
      also: ({ error }) => {
        const { attempts } = error as { attempts?: readonly unknown[] };
        return attempts?.length === 3 ? undefined : `${attempts?.length} attempts are told`;
      },
    },
  },
  {
    id: "retry/nested-layers",
    why: "Two layers of three attempts are three attempts, not nine.",
    modes: both,
    upstream: (at) => [refused(at, 500)],
    call: { chain: (model) => model.with(retry(quick), retry(quick)) },
    holds: { error: { code: "server", status: 500 }, requests: 3 },
  },
  {
    id: "retry/outage",
    why: "Forty calls of an outage: the retry budget stops what would be 120 requests at 60.",
    upstream: (at) => [refused(at, 503)],
    call: {
      chain: (model) => model.with(retry(quick)),
      async act({ model, request }) {
        await Promise.all(Array.from({ length: 39 }, () => model.stream(request).catch(() => {})));
        return (await model.stream(request)).result();
      },
    },
    holds: { error: { code: "overloaded", status: 503 }, requests: 60, within: 4000 },
  },
  {
    id: "retry/breaker",
    why: "Ten failures open the circuit: the eleventh call is refused before it is sent.",
    upstream: (at) => [refused(at, 500)],
    call: {
      chain: (model) => model.with(circuitBreaker()),
      async act({ model, request }) {
        for (let count = 0; count < 10; count++) await model.stream(request).catch(() => {});
        return (await model.stream(request)).result();
      },
    },
    holds: { error: { code: "circuit-open", retryAfter: { least: 4000, most: 6500 } }, requests: 10, within: 4000 },
  },

  waited("retry/after-milliseconds", "retry-after-ms is waited for.", { "retry-after-ms": "120" }, 120),
  waited("retry/after-seconds", "retry-after in seconds, with a fraction.", { "retry-after": "0.12" }, 120),
  told("retry/after-date", "retry-after as a date of HTTP.", () => ({ "retry-after": inSeconds(90) }), {
    least: 80_000,
    most: 90_000,
  }),
  told("retry/after-past-date", "A date that is past asks for nothing.", () => ({ "retry-after": inSeconds(-90) }), 0),
  told(
    "retry/after-zero-beside-one",
    "Azure says 0 ms beside 1 s: the longer one is meant.",
    () => ({ "retry-after-ms": "0", "retry-after": "1" }),
    1000,
  ),
  told("retry/after-nonsense", "What is no time is left alone.", () => ({ "retry-after": "soon" }), undefined),
  told("retry/after-negative", "Nor is a negative one.", () => ({ "retry-after": "-5" }), undefined),
  told(
    "retry/after-too-long",
    "More than a minute is not waited for, and told.",
    () => ({ "retry-after": "3600" }),
    3_600_000,
    retried,
  ),
  {
    id: "retry/after-in-the-body",
    why: "Google tells how long in the body, as RetryInfo.",
    protocols: ["generate-content"],
    modes: both,
    upstream: (at) => [
      whole(
        JSON.stringify({
          error: {
            code: 429,
            message: "Resource has been exhausted.",
            status: "RESOURCE_EXHAUSTED",
            details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.12s" }],
          },
        }),
        { status: 429 },
      ),
      answered(at),
    ],
    call: retried,
    holds: { ...recovered, after: 120 },
  },
  {
    id: "retry/past-the-deadline",
    why: "A wait that would pass the deadline is not begun: the caller has its time back.",
    modes: both,
    upstream: (at) => [refused(at, 429, { headers: { "retry-after": "20" } })],
    call: { ...retried, deadline: 3000 },
    holds: { error: { code: "rate-limit", status: 429, retryAfter: 20_000 } },
  },

  {
    id: "retry/next-model",
    why: "A model that fails before it has said anything is replaced by the next.",
    modes: both,
    upstream: (at) => [refused(at, 500)],
    beside: (at) => [answered(at)],
    call: { chain: (model, beside) => fallback([model, beside]) },
    holds: {
      text: good,
      finish: "stop",
      besideRequests: 1,
      also: ({ result }) => (result?.attempts?.length === 2 ? undefined : "not both attempts are told"),
    },
  },
  {
    id: "retry/next-model-when-stalled",
    why: "One that stalls leaves time for the next: one deadline for both.",
    upstream: () => [[hang]],
    beside: (at) => [answered(at)],
    call: {
      chain: (model, beside) => fallback([model.with(timeout({ first: 150 })), beside]).with(timeout({ total: 5000 })),
    },
    holds: { text: good, finish: "stop", besideRequests: 1, after: 150 },
  },
  {
    id: "retry/no-model-left",
    why: "When all fail, one error tells of all.",
    upstream: (at) => [refused(at, 500, { message: "The first is broken." })],
    beside: (at) => [refused(at, 401, { message: "The second knows no such key." })],
    call: { chain: (model, beside) => fallback([model, beside]) },
    holds: {
      error: { code: "server", message: /The first is broken.*The second knows no such key/s },
      besideRequests: 1,
    },
  },
  {
    id: "retry/no-next-model-after-content",
    why: "After the first content the failure is the reader's, and the next model is not asked.",
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    beside: (at) => [answered(at)],
    call: { chain: (model, beside) => fallback([model, beside]) },
    holds: { error: { code: "truncated", partial: "Hello" } },
  },
  {
    id: "retry/continued",
    why: "Where it was asked for, the next model goes on: nothing is repeated, and nothing lost.",
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    // It begins again from what it was told, as models do.
    beside: ({ protocol }) => [stream(protocol.preamble, protocol.text("Hello"), restAfterHello(protocol))],
    call: { chain: (model, beside) => fallback([model, beside], { continueMidStream: true }) },
    holds: { text: good, finish: "stop", besideRequests: 1 },
  },
];

function again(id: string, why: string, first: (at: Place) => Script): Fault {
  const streamed = ["error-first", "error-after-preamble", "cut-before-content", "empty-stream"];
  const modes = streamed.includes(id.replace("retry/", "")) ? (["stream"] as const) : both;
  return { id, why, modes, upstream: (at) => [first(at), answered(at)], call: retried, holds: recovered };
}

function once(id: string, why: string, status: number, code: ModelErrorCode): Fault {
  return {
    id,
    why,
    modes: both,
    upstream: (at) => [refused(at, status)],
    call: retried,
    holds: { error: { code, status } },
  };
}

function waited(id: string, why: string, headers: Readonly<Record<string, string>>, after: number): Fault {
  return {
    id,
    why,
    modes: both,
    upstream: (at) => [refused(at, 429, { headers }), answered(at)],
    call: retried,
    holds: { ...recovered, after },
  };
}

function told(
  id: string,
  why: string,
  headers: () => Readonly<Record<string, string>>,
  retryAfter: number | { readonly least: number; readonly most: number } | undefined,
  call: CallPlan = {},
): Fault {
  const error = { code: "rate-limit", status: 429, ...(retryAfter !== undefined && { retryAfter }) } as const;
  return { id, why, modes: both, upstream: (at) => [refused(at, 429, { headers: headers() })], call, holds: { error } };
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toUTCString();
}

function page(status: number): Script {
  const html = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
  return whole(html, { status, headers: { "content-type": "text/html" } });
}

function overloadOf({ name }: Protocol): string {
  return {
    "chat-completions": "server_is_overloaded",
    responses: "server_is_overloaded",
    messages: "overloaded_error",
    "generate-content": "UNAVAILABLE",
  }[name];
}

function contextOf({ name }: Protocol): string {
  return {
    "chat-completions": "context_length_exceeded",
    responses: "context_length_exceeded",
    messages: "invalid_request_error",
    "generate-content": "INVALID_ARGUMENT",
  }[name];
}
