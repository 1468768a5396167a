import { memoryUsage } from "node:process";
import { expect, test } from "vitest";
import { defineModel } from "./model.ts";
import { ModelReply } from "./model-reply.ts";

// A closure of one object in a field of another made each call hold the next one, once a call in flight had grown old: young
// collections then freed nothing. Garbage for good it was not, so only how much survives them shows it.
test("calls that follow each other do not survive young collections", async () => {
  const model = defineModel({
    provider: "parrot",
    id: "polly",
    call: async () => {
      await new Promise(setImmediate);
      return ModelReply.of({
        model: "polly",
        content: [{ type: "text", text: "Hello" }],
        finishReason: "stop",
        usage: {},
        warnings: [],
      });
    },
  });
  let left = 20_000;
  async function callOn(): Promise<void> {
    while (left-- > 0) await model.generate("Hello?");
  }

  globalThis.gc!();
  const before = memoryUsage().heapUsed;
  const collecting = setInterval(() => globalThis.gc!({ type: "minor" }), 1);
  await Promise.all(Array.from({ length: 64 }, callOn));
  clearInterval(collecting);
  globalThis.gc!({ type: "minor" });
  expect(memoryUsage().heapUsed - before).toBeLessThan(3_000_000);
});
