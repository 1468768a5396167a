import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { CacheStore, Lease, LeaseStore } from "@plugboard/core";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { memoryLeases } from "../memory-leases/memory-leases.ts";
import type { Ended, Question, Told } from "./test-process.ts";

const script = fileURLToPath(new URL("test-process.ts", import.meta.url));
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

/** The stores that processes share, and the provider that they call: it answers when it is told to. */
function world(): {
  readonly calls: { readonly process: string; answer(text: string): void; fail(): void }[];
  /** Processes that have waited for another's answer, each time. */
  readonly waits: string[];
  readonly start: (name: string) => {
    readonly child: ChildProcess;
    readonly ended: Promise<readonly string[]>;
    readonly tell: (told: Told) => void;
  };
} {
  const store: CacheStore = memoryCache();
  const leases: LeaseStore = memoryLeases();
  const calls: ReturnType<typeof world>["calls"] = [];
  const waits: string[] = [];
  const verbs: Record<string, (...values: never[]) => Promise<unknown>> = {
    get: (key: string) => store.get(key),
    set: (key: string, value: string, ttl: number) => store.set(key, value, ttl),
    delete: (key: string) => store.delete(key),
    acquire: (key: string, ttl: number) => leases.acquire(key, ttl),
    renew: (lease: Lease, ttl: number) => leases.renew(lease, ttl),
    release: (lease: Lease) => leases.release(lease),
    wait: (key: string, timeout: number) => leases.wait(key, timeout),
  };

  return {
    calls,
    waits,
    start(name) {
      const child = fork(script, { execArgv: [] });
      children.add(child);
      const tell = (told: Told): void => void (child.connected && child.send(told, () => {})); // it may be killed meanwhile
      const ended = Promise.withResolvers<readonly string[]>();
      async function hear(message: Question | Ended): Promise<unknown> {
        if ("ended" in message) return ended.resolve(message.ended);
        const { id, verb, values } = message;
        if (verb === "answer") {
          return calls.push({
            process: name,
            answer: (value) => tell({ id, value }),
            fail: () => tell({ id, error: "Down." }),
          });
        }
        if (verb === "wait") waits.push(name);
        return tell({ id, value: await verbs[verb]!(...(values as never[])) });
      }
      child.on("message", (message: Question | Ended) => void hear(message));
      return { child, tell, ended: ended.promise };
    },
  };
}

const shortLease = 400;
const longLease = 600_000;

describe.each(["cache", "singleFlight"] as const)("identical calls in two processes, with %s", (kind) => {
  const ask = (callers: number, lease = longLease): Told => ({ ask: { with: kind, callers, lease } });
  const come = (list: readonly unknown[], count: number): Promise<void> =>
    expect.poll(() => list.length, { timeout: 15_000 }).toBe(count);

  test("are one call, whose answer all of them get, streamed and whole", async () => {
    const { calls, waits, start } = world();
    const [one, other] = [start("one"), start("other")];
    one.tell(ask(5));
    other.tell(ask(5));
    await come(calls, 1);
    await come(waits, 1);
    calls[0]!.answer("all the same");
    expect(await Promise.all([one.ended, other.ended])).toEqual(Array(2).fill(Array(5).fill("all the same")));
    expect(calls).toHaveLength(1);
  });

  test("are made by the other process when the one that makes it is killed", async () => {
    const { calls, waits, start } = world();
    const [one, other] = [start("one"), start("other")];
    one.tell(ask(3, shortLease));
    await come(calls, 1);
    other.tell(ask(3, shortLease));
    await come(waits, 1);
    one.child.kill("SIGKILL");
    await come(calls, 2);
    calls[1]!.answer("of the other");
    expect(await other.ended).toEqual(Array(3).fill("of the other"));
    expect(calls.map(({ process }) => process)).toEqual(["one", "other"]);
  });

  test("are made by the other process at once when all callers of the one leave, or its call fails", async () => {
    const { calls, waits, start } = world();
    const [one, other] = [start("one"), start("other")];
    one.tell(ask(3));
    await come(calls, 1);
    other.tell(ask(3));
    await come(waits, 1);
    one.tell({ leave: true });
    expect(await one.ended).toEqual(Array(3).fill("aborted"));
    await come(calls, 2);

    const third = start("third");
    third.tell(ask(2));
    await come(waits, 2);
    calls[1]!.fail();
    expect(await other.ended).toEqual(Array(3).fill("server"));
    await come(calls, 3);
    calls[2]!.answer("in the end");
    expect(await third.ended).toEqual(Array(2).fill("in the end"));
  });
});
