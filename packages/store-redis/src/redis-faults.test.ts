import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeRedis, startRedis } from "@plugboard/recordings";
import { redisStore } from "./redis-store.ts";
import type { RedisStore } from "./redis-store.ts";
import { connect, newPlace } from "./test-client.ts";
import type { TestClient } from "./test-client.ts";

const lease = 60_000;
const scope = { key: "all", limit: 100, window: "total" } as const;

describeRedis(
  "a server that fails, and keeps what it was told",
  (server) => {
    let client: TestClient;
    let prefix: string;
    let store: RedisStore;
    beforeEach(async () => {
      client = await connect(server().url);
      ({ prefix } = newPlace());
      store = redisStore({ client, prefix, timeouts: { ledger: 500 } });
    });
    afterEach(() => client.destroy());

    /** The same stores as another process has them, with time to connect. */
    async function another<Value>(look: (store: RedisStore) => Promise<Value>): Promise<Value> {
      const other = await connect(server().url);
      try {
        return await look(redisStore({ client: other, prefix }));
      } finally {
        other.destroy();
      }
    }
    const reserve = (id: string, amount: number, ledger = store.ledger) =>
      ledger.reserve({ id, amount, scopes: [scope], lease });
    const spend = () => another(({ ledger }) => ledger.spend("all", "total"));
    async function stopped(work: () => Promise<unknown>): Promise<void> {
      server().signal("SIGSTOP");
      try {
        await work();
      } finally {
        server().signal("SIGCONT");
      }
    }

    test("down before a verb: it fails in time, and is not made up for once the server is back", async () => {
      await reserve("before", 10);
      server().signal("SIGKILL");
      await expect.poll(() => client.isReady).toBe(false);
      const began = performance.now();
      await expect(reserve("lost", 20)).rejects.toMatchObject({ code: "timeout" });
      expect(performance.now() - began).toBeLessThan(2000);
      await server().restart();
      await expect.poll(() => client.isReady, { timeout: 10_000 }).toBe(true);
      expect(await spend()).toMatchObject({ held: 10 });
      expect(await reserve("after", 30)).toEqual({ granted: true });
      expect(await spend()).toMatchObject({ held: 40 });
    });

    test("down during a verb: it fails at once, and may be repeated when nobody knows whether it counted", async () => {
      await stopped(async () => {
        const reserving = reserve("a", 10);
        // It has been sent: the server is killed with it unread, or before it could answer.
        await pause(20);
        server().signal("SIGKILL");
        await expect(reserving).rejects.toMatchObject({ code: "network" });
      });
      await server().restart();
      await expect.poll(() => client.isReady, { timeout: 10_000 }).toBe(true);
      expect(await reserve("a", 10)).toEqual({ granted: true });
      expect(await spend()).toMatchObject({ held: 10 });
    });

    test("down after a verb: what was reserved is still held, and is booked once when it is settled again", async () => {
      await reserve("a", 50);
      server().signal("SIGKILL");
      await expect.poll(() => client.isReady).toBe(false);
      await expect(store.ledger.settle("a", 20)).rejects.toMatchObject({ code: "timeout" });
      await server().restart();
      await expect.poll(() => client.isReady, { timeout: 10_000 }).toBe(true);
      expect(await spend()).toMatchObject({ spent: 0, held: 50 });
      await store.ledger.settle("a", 20);
      await store.ledger.settle("a", 20);
      expect(await spend()).toMatchObject({ spent: 20, held: 0 });
    });

    test("an answer that is lost: the verb has counted, and counts once however often it is repeated", async () => {
      await reserve("a", 50);
      await stopped(async () => {
        await expect(store.ledger.settle("a", 20)).rejects.toMatchObject({ code: "timeout" });
        await expect(reserve("b", 30)).rejects.toMatchObject({ code: "timeout" });
      });
      await expect.poll(spend).toMatchObject({ spent: 20, held: 30 });
      await store.ledger.settle("a", 20);
      await reserve("b", 30);
      expect(await spend()).toMatchObject({ spent: 20, held: 30 });
      await store.ledger.release("b");
      expect(await spend()).toMatchObject({ spent: 20, held: 0 });
    });

    test("a server that hangs keeps nobody for longer than the store's time", async () => {
      await store.cache.get("key");
      await stopped(async () => {
        const times: Record<string, number> = {};
        const time = async (name: string, work: Promise<unknown>): Promise<void> => {
          const began = performance.now();
          await expect(work).rejects.toMatchObject({ code: "timeout", message: expect.stringContaining(name) });
          times[name] = performance.now() - began;
        };
        await Promise.all([
          time("cache.get", store.cache.get("key")),
          time("ledger.reserve", reserve("a", 1)),
          time("limits.take", store.limits.take([{ key: "all", limit: 1, window: 1000, cost: 1 }])),
        ]);
        expect(times["cache.get"]).toBeGreaterThan(40);
        expect(times["cache.get"]).toBeLessThan(240);
        expect(times["limits.take"]).toBeGreaterThan(240);
        expect(times["limits.take"]).toBeLessThan(490);
      });
    });

    test("a process that was busy itself does not blame Redis", async () => {
      const asked = store.cache.get("key");
      // So that it is sent, and not answered yet: a client writes in the next turn.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      await new Promise((resolve) => void setImmediate(resolve));
      const until = performance.now() + 200;
      while (performance.now() < until);
      expect(await asked).toBeUndefined();
    });

    test("a cache is not waited for while the connection is down", async () => {
      server().signal("SIGKILL");
      await expect.poll(() => client.isReady).toBe(false);
      const began = performance.now();
      await expect(store.cache.get("key")).rejects.toMatchObject({ code: "network" });
      await expect(store.cache.set("key", "value", 1000)).rejects.toMatchObject({ code: "network" });
      await expect(store.cache.delete("key")).rejects.toMatchObject({ code: "network" });
      expect(performance.now() - began).toBeLessThan(120);
      await server().restart();
    });

    test("a server that has forgotten the scripts is told them again", async () => {
      await reserve("a", 10);
      await client.scriptFlush();
      expect(await reserve("b", 10)).toEqual({ granted: true });
      await client.scriptFlush();
      await store.ledger.settle("a", 10);
      expect(await spend()).toMatchObject({ spent: 10, held: 10 });
      const known = (await client.info("memory")).match(/number_of_cached_scripts:(\d+)/)?.[1];
      expect(Number(known)).toBeGreaterThan(0);
    });

    test("a server without room for more refuses, and changes nothing", async () => {
      await reserve("a", 10);
      await client.configSet("maxmemory", "1");
      try {
        await expect(reserve("b", 10)).rejects.toMatchObject({
          code: "server",
          message: expect.stringMatching(/^Redis refused ledger\.reserve: OOM /),
        });
      } finally {
        await client.configSet("maxmemory", "0");
      }
      expect(await spend()).toMatchObject({ held: 10 });
    });

    test("a server that has become a replica refuses", async () => {
      await client.sendCommand(["REPLICAOF", "127.0.0.1", "1"]);
      try {
        await expect(reserve("a", 10)).rejects.toMatchObject({
          code: "server",
          message: expect.stringMatching(/READONLY/),
        });
      } finally {
        await client.sendCommand(["REPLICAOF", "NO", "ONE"]);
      }
    });

    test("a replica that takes over goes on with what had reached it, and has never seen the scripts", async () => {
      await reserve("a", 40);
      const other = await startRedis({ settings: { replicaof: `127.0.0.1 ${server().port}` } });
      const next = await connect(other.url);
      try {
        const { ledger } = redisStore({ client: next, prefix });
        const holds = (): Promise<number> => next.hLen(`{${prefix}:ledger:1}:holds`).catch(() => 0);
        await expect.poll(holds, { timeout: 10_000 }).toBe(1);
        await reserve("b", 20);
        // A replica that has just been filled confirms once a second: asked of the server, and not of the clock.
        expect(await client.sendCommand(["WAIT", "1", "10000"])).toBe(1);
        expect(await holds()).toBe(2);
        await next.sendCommand(["REPLICAOF", "NO", "ONE"]);
        expect(await ledger.spend("all", "total")).toMatchObject({ held: 60 });
        expect(await reserve("c", 41, ledger)).toMatchObject({ granted: false });
        await ledger.settle("b", 5);
        expect(await ledger.spend("all", "total")).toMatchObject({ spent: 5, held: 40 });
      } finally {
        next.destroy();
        await other.stop();
      }
    });

    test("a client that was closed is told so at once", async () => {
      client.destroy();
      await expect(reserve("a", 10)).rejects.toMatchObject({
        code: "network",
        message: expect.stringMatching(/ledger\.reserve/),
      });
      client = await connect(server().url);
    });
  },
  { settings: { appendonly: "yes", "repl-diskless-sync-delay": "0" } },
);

describeRedis(
  "a server that wants a password",
  (server) => {
    test.each([
      ["none", (port: number) => `redis://127.0.0.1:${port}`],
      ["a wrong one", (port: number) => `redis://:secret@127.0.0.1:${port}`],
    ])("says `auth` to %s, and the error does not have it", async (_, urlOf) => {
      const store = redisStore({ client: urlOf(server().port) });
      const failed: unknown = await store.ledger.spend("all", "total").catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: "auth" });
      expect(String(failed)).not.toContain("secret");
      await store.close();
    });

    test("needs to allow no more than the README says", async () => {
      const admin = await connect(server().url.replace("//", "//:right@"));
      const rights = "+eval +evalsha +@hash +@sortedset +time +exists +pexpire +get +set +del +hello +client";
      await admin.aclSetUser("app", `on >pass ~{plugboard:* ~plugboard:* ${rights}`.split(" "));
      await using store = redisStore({ client: server().url.replace("//", "//app:pass@"), timeouts: { cache: 1000 } });
      await store.ledger.reserve({ id: "a", amount: 1, scopes: [scope], lease });
      await store.ledger.settle("a", 1);
      expect(await store.ledger.report("2000-01-01", "2100-01-01")).toHaveLength(1);
      await store.cache.set("key", "value", 1000);
      expect(await store.cache.get("key")).toBe("value");
      await store.cache.delete("key");
      expect(await store.limits.take([{ key: "a", limit: 1, window: 1000, cost: 1 }])).toMatchObject({ granted: true });
      await store.leases.release((await store.leases.acquire("a", 1000))!);
      const elsewhere = redisStore({ client: server().url.replace("//", "//app:pass@"), prefix: "other" });
      await expect(elsewhere.ledger.spend("all", "total")).rejects.toMatchObject({ code: "permission" });
      await elsewhere.close();
      admin.destroy();
    });
  },
  { settings: { requirepass: "right" } },
);

describeRedis("a store that connects by itself", (server) => {
  const scopes = [scope];

  test("does so when it is first asked, comes back when the server does, and is closed", async () => {
    const store = redisStore({ client: server().url, prefix: newPlace().prefix, timeouts: { cache: 1000 } });
    expect(await store.cache.get("key")).toBeUndefined();
    server().signal("SIGKILL");
    await expect.poll(() => store.cache.get("key").catch((error: unknown) => error)).toMatchObject({ code: "network" });
    await server().restart();
    await expect
      .poll(() => store.ledger.reserve({ id: "a", amount: 1, scopes, lease }), { timeout: 10_000 })
      .toEqual({ granted: true });
    await store.close();
    await expect(store.ledger.spend("all", "total")).rejects.toMatchObject({ code: "network" });
  });

  test("goes on trying when there is no server yet, while its verbs fail in time", async () => {
    server().signal("SIGKILL");
    const store = redisStore({ client: server().url, prefix: newPlace().prefix, timeouts: { ledger: 100 } });
    await expect(store.ledger.spend("all", "total")).rejects.toMatchObject({ code: "timeout" });
    await server().restart();
    await expect
      .poll(() => store.ledger.reserve({ id: "a", amount: 1, scopes, lease }).catch(() => {}), { timeout: 10_000 })
      .toEqual({ granted: true });
    await store.close();
  });

  test("can be closed before it was used, and while there is no server", async () => {
    await redisStore({ client: server().url }).close();
    server().signal("SIGKILL");
    const store = redisStore({ client: server().url, timeouts: { ledger: 100 } });
    await expect(store.ledger.spend("all", "total")).rejects.toMatchObject({ code: "timeout" });
    await store.close();
    await server().restart();
  });
});

describe("a URL", () => {
  test.each(["", "127.0.0.1:6379", "http://127.0.0.1", "redis://:secret@[/"])(
    "refuses %j, and does not repeat it",
    (client) => {
      expect(() => redisStore({ client })).toThrow(
        expect.objectContaining({ code: "invalid-request", message: expect.not.stringContaining("secret") }) as Error,
      );
    },
  );
});
