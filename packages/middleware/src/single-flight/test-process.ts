// Run by a test, in a process of its own: makes calls over stores, and of a provider, that the test keeps. Both are asked by messages.
import { ModelError } from "@plugboard/core";
import type { CacheStore, LeaseStore } from "@plugboard/core";
import { cache } from "../cache/cache.ts";
import { pieces, testModel } from "../test-model.ts";
import { singleFlight } from "./single-flight.ts";

/** What is asked of the test. */
export interface Question {
  readonly id: number;
  readonly verb: string;
  readonly values: readonly unknown[];
}

/** What the test says: the answer to a question, or what to do. */
export type Told =
  | { readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly ask: { readonly with: "cache" | "singleFlight"; readonly callers: number; readonly lease: number } }
  | { readonly leave: true };

/** How the calls ended: the text, or the code of the error. */
export interface Ended {
  readonly ended: readonly string[];
}

const waiting = new Map<number, PromiseWithResolvers<unknown>>();
const stop = new AbortController();
let questions = 0;

function remote<Value>(verb: string, ...values: readonly unknown[]): Promise<Value> {
  const id = ++questions;
  const answer = Promise.withResolvers<unknown>();
  waiting.set(id, answer);
  process.send!({ id, verb, values } satisfies Question);
  return answer.promise as Promise<Value>;
}

const store: CacheStore = {
  get: async (key) => (await remote<string | null | undefined>("get", key)) ?? undefined,
  set: (key, value, ttl) => remote("set", key, value, ttl),
  delete: (key) => remote("delete", key),
};
const leases: LeaseStore = {
  acquire: async (key, ttl) =>
    (await remote<Awaited<ReturnType<LeaseStore["acquire"]>> | null>("acquire", key, ttl)) ?? undefined,
  renew: (lease, ttl) => remote("renew", lease, ttl),
  release: (lease) => remote("release", lease),
  wait(key, timeout, signal) {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(ModelError.calledOff(signal)), { once: true });
      remote<"free" | "timeout">("wait", key, timeout).then(resolve, reject);
    });
  },
};

const { model } = testModel(async () => {
  const text = await remote<string>("answer");
  return pieces(text.split(" ").map((word, place) => (place > 0 ? ` ${word}` : word)));
});

process.on("message", (told: Told) => {
  if ("ask" in told) void ask(told.ask);
  else if ("leave" in told) stop.abort();
  else {
    const { resolve, reject } = waiting.get(told.id)!;
    if (told.error === undefined) resolve(told.value);
    else reject(new ModelError(told.error, { code: "server" }));
  }
});

async function ask({ with: kind, callers, lease }: Extract<Told, { ask: unknown }>["ask"]): Promise<void> {
  // A busy machine may take its time to pass on a message.
  const patience = 10_000;
  const layer =
    kind === "cache"
      ? cache({ store, leases, lease, patience })
      : singleFlight({ across: { store, leases, lease, patience } });
  const shared = model.with(layer);
  const request = { messages: [{ role: "user", content: "hello" }], signal: stop.signal } as const;
  const ended = await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      try {
        const reply = caller % 2 ? await shared.stream(request) : undefined;
        const { content } = reply ? await reply.result() : await shared.generate(request);
        return content.map((part) => (part.type === "text" ? part.text : part.type)).join("");
      } catch (error) {
        return (error as ModelError).code;
      }
    }),
  );
  process.send!({ ended } satisfies Ended);
}
