import { getEventListeners } from "node:events";
import type { ModelRequest } from "@plugboard/core";
import type { CallPlan, Fault } from "../fault.ts";
import { end, hang, head, send, stream } from "../upstream/step.ts";
import { wholeStream } from "../protocols/protocol.ts";
import { fallback } from "@plugboard/routing";
import { concurrency, retry } from "@plugboard/middleware";
import { answered, begun, good, refused, saidHello } from "./answers.ts";

const calledOff = { error: { code: "aborted" } } as const;
const calledOffAfterHello = { error: { code: "aborted", partial: "Hello" } } as const;
const reason = new Error("The user left the page.");

/** Callers who do not want the answer any more: they are told at once, and the connection is closed within a second. */
export const cancel: readonly Fault[] = [
  {
    id: "cancel/before-the-call",
    why: "A signal that has fired already: nothing is sent.",
    modes: ["stream", "generate"],
    upstream: (at) => [answered(at)],
    call: { calledOff: "before" },
    holds: {
      ...calledOff,
      requests: 0,
      also: ({ accepted }) => (accepted === 0 ? undefined : "a connection was opened"),
    },
  },
  {
    id: "cancel/waiting-for-headers",
    why: "While nothing has come yet.",
    modes: ["stream", "generate"],
    upstream: () => [[hang]],
    call: { calledOff: "hung" },
    holds: calledOff,
  },
  {
    id: "cancel/waiting-for-content",
    why: "After the headers and the preamble.",
    upstream: ({ protocol }) => [[...begun(protocol), hang]],
    call: { calledOff: "hung" },
    holds: calledOff,
  },
  {
    id: "cancel/mid-text",
    why: "While the answer is read: the reader is thrown to, and never told that it ended well.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: { calledOff: "content" },
    holds: calledOffAfterHello,
  },
  {
    id: "cancel/hung-mid-text",
    why: "While the reader waits for more that does not come.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: { calledOff: "hung", reader: "result" },
    holds: { error: { code: "aborted", partial: "Hello" } },
  },
  {
    id: "cancel/mid-body",
    why: "In the middle of an answer in one piece.",
    modes: ["generate"],
    upstream: () => [[head({ headers: { "content-type": "application/json" } }), send('{"id":'), hang]],
    call: { calledOff: "hung" },
    holds: calledOff,
  },
  {
    id: "cancel/error-body",
    why: "While the body of an error is read.",
    upstream: () => [[head({ status: 500, headers: { "content-type": "application/json" } }), send('{"error":'), hang]],
    call: { calledOff: "hung" },
    holds: calledOff,
  },
  {
    id: "cancel/with-a-reason",
    why: "The reason of the signal is the cause of the error, untouched.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: { calledOff: "content", reason },
    holds: {
      ...calledOffAfterHello,
      also: ({ error }) => ((error as Error).cause === reason ? undefined : "the cause is not the reason"),
    },
  },
  {
    id: "cancel/with-a-text",
    why: "A reason may be anything, a text for one.",
    upstream: () => [[hang]],
    call: { calledOff: "hung", reason: "enough" },
    holds: {
      ...calledOff,
      also: ({ error }) => ((error as Error).cause === "enough" ? undefined : "the cause is not the reason"),
    },
  },
  { id: "cancel/leaving-the-loop", why: "`break` is a way to say no more.", ...left({ reader: "break" }) },
  {
    id: "cancel/throwing-in-the-loop",
    why: "So is an error of the reader's own, which is what he gets.",
    ...left({ reader: "throw" }),
  },
  {
    id: "cancel/under-a-hung-read",
    why: "cancel() while somebody waits for the next event.",
    ...left({ reader: "cancel" }),
  },
  { id: "cancel/disposed", why: "`await using` closes what was never read.", ...left({ reader: "dispose" }) },
  {
    id: "cancel/dropped",
    why: "A reply that nobody holds any more is closed when it is collected.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: {
      async act({ model, request, upstream }) {
        await model.stream({ ...request, signal: new AbortController().signal });
        for (let round = 0; round < 30 && upstream.busy > 0; round++) {
          globalThis.gc?.(); // the scripts of the workspace expose it
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return undefined;
      },
    },
    holds: { within: 6000 },
  },
  {
    id: "cancel/result-of-a-cancelled-reply",
    why: "Whoever waits for the whole of a reply that is let go is told so, and not given half of it.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: {
      async act({ model, request }) {
        const reply = await model.stream(request);
        setImmediate(() => reply.cancel());
        return reply.result();
      },
    },
    holds: { error: { code: "aborted", partial: "Hello", to: "caller" } },
  },
  {
    id: "cancel/unread-failure",
    why: "A reply that breaks while nobody reads it ends no process.",
    upstream: ({ protocol }) => [[...saidHello(protocol), { do: "pause", delay: 30 }, { do: "reset" }]],
    call: {
      async act({ model, request }) {
        await model.stream(request);
        await new Promise((resolve) => setTimeout(resolve, 120));
        return undefined;
      },
    },
    holds: {},
  },
  {
    id: "cancel/during-backoff",
    why: "While a retry waits for as long as it was told to: nothing more is asked.",
    upstream: (at) => [refused(at, 429, { headers: { "retry-after": "30" } }), answered(at)],
    call: {
      chain: (model) => model.with(retry()),
      async act({ model, request }) {
        const caller = new AbortController();
        const asked: ModelRequest = {
          ...request,
          signal: caller.signal,
          notify: ({ type }) => type === "retry" && setTimeout(() => caller.abort(), 50),
        };
        return (await model.stream(asked)).result();
      },
    },
    holds: { ...calledOff, after: 50 },
  },
  {
    id: "cancel/is-no-failover",
    why: "A caller who leaves is not a provider that failed: the next model is not asked, and nothing is repeated.",
    upstream: () => [[hang]],
    beside: (at) => [answered(at)],
    call: { chain: (model, beside) => fallback([model, beside]).with(retry()), calledOff: "hung" },
    holds: calledOff,
  },
  {
    id: "cancel/in-the-queue",
    why: "A call that waits for its turn leaves the queue.",
    upstream: () => [[hang]],
    call: {
      chain: (model) => model.with(concurrency({ limit: 1 })),
      async act({ model, request, upstream }) {
        const first = new AbortController();
        const second = new AbortController();
        const held = model.stream({ ...request, signal: first.signal }).catch(() => {});
        await upstream.hung;
        const queued = model.stream({ ...request, signal: second.signal });
        second.abort();
        try {
          return await (await queued).result();
        } finally {
          first.abort();
          await held;
        }
      },
    },
    holds: calledOff,
  },
  {
    id: "cancel/shared-signal",
    why: "Forty calls with one long-lived signal leave no listener on it.",
    upstream: (at) => [answered(at)],
    call: {
      async act({ model, request, mode }) {
        const { signal } = new AbortController();
        const ask = async (): Promise<void> => {
          if (mode === "stream") await (await model.stream({ ...request, signal })).result();
          else await model.generate({ ...request, signal });
        };
        await Promise.all(Array.from({ length: 40 }, ask));
        const left = getEventListeners(signal, "abort").length;
        if (left > 0) throw new Error(`${left} listeners are left on the signal.`);
        return undefined;
      },
    },
    modes: ["stream", "generate"],
    holds: { requests: 40, within: 4000 },
  },
  {
    id: "cancel/after-the-end",
    why: "A signal that fires after the last event changes nothing.",
    upstream: ({ protocol }) => [stream(wholeStream(protocol, { text: good }))],
    call: {
      async act({ model, request }) {
        const caller = new AbortController();
        const reply = await model.stream({ ...request, signal: caller.signal });
        await reply.result();
        caller.abort();
        reply.cancel();
        return reply.result();
      },
    },
    holds: { text: good, finish: "stop" },
  },
  {
    id: "cancel/twice",
    why: "Letting go of what has been let go does nothing.",
    upstream: ({ protocol }) => [[...saidHello(protocol), hang]],
    call: {
      async act({ model, request }) {
        const reply = await model.stream(request);
        reply.cancel();
        await reply.return();
        reply.cancel();
        await reply[Symbol.asyncDispose]();
        return undefined;
      },
    },
    holds: {},
  },
  {
    id: "cancel/while-it-fails",
    why: "The signal and the end of the connection at once: one error, told once.",
    upstream: ({ protocol }) => [[...saidHello(protocol), end]],
    call: { calledOff: "content" },
    holds: {
      error: { code: "aborted", partial: "Hello" },
    },
  },
];

function left(call: CallPlan): Pick<Fault, "upstream" | "call" | "holds"> {
  return { upstream: ({ protocol }) => [[...saidHello(protocol), hang]], call, holds: {} };
}
