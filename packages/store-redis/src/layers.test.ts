import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallOptions, Notice, PriceLookup } from "@plugboard/core";
import { budget, cache, rateLimit } from "@plugboard/middleware";
import { describeRedis } from "@plugboard/recordings";
import { scripted } from "@plugboard/testing";
import { redisStore } from "./redis-store.ts";
import type { RedisStore } from "./redis-store.ts";
import { connect, newPlace } from "./test-client.ts";
import type { TestClient } from "./test-client.ts";

const price: PriceLookup = ({ input = 0, output = 0 }) => ({
  cost: { total: input + 10 * output, input, output: 10 * output },
});
const limits = (): { output: number } => ({ output: 100 });

describeRedis(
  "layers over a Redis that fails",
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

    const question = { messages: [{ role: "user", content: "Hello" }] } as const;
    const back = async (): Promise<void> => {
      await server().restart();
      await expect.poll(() => client.isReady, { timeout: 10_000 }).toBe(true);
    };
    function listen(): { readonly faults: unknown[]; readonly notify: NonNullable<CallOptions["notify"]> } {
      const faults: unknown[] = [];
      return { faults, notify: (notice: Notice) => void (notice.type === "fault" && faults.push(notice.error)) };
    }

    test("a budget lets nothing through before it can reserve, and goes on once it can", async () => {
      const asked = scripted([{ usage: { input: 5, output: 2 } }, "Hi"]);
      const model = asked.with(budget({ limit: 1_000_000, price, limits, ledger: store.ledger }));
      server().signal("SIGKILL");
      await expect(model.generate(question)).rejects.toMatchObject({
        code: "budget",
        cause: { code: expect.stringMatching(/^(network|timeout)$/) },
      });
      expect(asked.requests).toHaveLength(0);
      await back();
      await model.generate(question);
      expect(await store.ledger.spend("all", "total")).toMatchObject({ spent: 25, assumed: 0, held: 0 });
    });

    test("a budget gives the answer though Redis died meanwhile, and books it once Redis is back", async () => {
      const { faults, notify } = listen();
      const asked = scripted(() => {
        server().signal("SIGKILL");
        return [{ usage: { input: 5, output: 2 } }, "Hi"];
      });
      const model = asked.with(budget({ limit: 1_000_000, price, limits, ledger: store.ledger }));
      expect(await model.generate({ ...question, notify })).toMatchObject({ content: [{ text: "Hi" }] });
      expect(faults).toEqual([expect.objectContaining({ code: expect.stringMatching(/^(network|timeout)$/) })]);
      await back();
      await expect
        .poll(() => store.ledger.spend("all", "total"), { timeout: 10_000 })
        .toMatchObject({ spent: 25, assumed: 0, held: 0 });
    });

    test("a cache is passed over, and says so", async () => {
      const { faults, notify } = listen();
      const asked = scripted("Hi");
      const model = asked.with(cache({ store: store.cache }));
      server().signal("SIGSTOP");
      const began = performance.now();
      await model.generate({ ...question, notify });
      expect(performance.now() - began).toBeLessThan(300);
      // It could neither look nor keep the answer.
      await expect.poll(() => faults).toMatchObject([{ code: "timeout" }, { code: "timeout" }]);
      server().signal("SIGCONT");
      await expect
        .poll(async () => {
          await model.generate({ ...question, notify });
          return (await model.generate(question)).cached;
        })
        .toBe(true);
    });

    test("a limiter keeps to the limits by itself, and says so", async () => {
      const { faults, notify } = listen();
      const asked = scripted("Hi");
      const patient = redisStore({ client, prefix, timeouts: { limits: 600 } }).limits;
      const limit = rateLimit({ limit: { requests: 4 }, share: 0.5, wait: 0, store: patient, patience: 5000 });
      const model = asked.with(limit);
      server().signal("SIGKILL");
      await model.generate({ ...question, notify });
      await model.generate({ ...question, notify });
      await expect(model.generate({ ...question, notify })).rejects.toMatchObject({ code: "rate-limit" });
      expect(faults.length).toBeGreaterThanOrEqual(3);
      await back();
      for (let call = 0; call < 4; call++) await model.generate(question);
      await expect(model.generate(question)).rejects.toMatchObject({ code: "rate-limit" });
      expect(asked.requests).toHaveLength(6);
    });
  },
  { settings: { appendonly: "yes" } },
);
