import { memoryUsage, stdout } from "node:process";
import { defineModel } from "./model.ts";
import { ModelReply } from "./model-reply.ts";

// Run as a process of its own, with --expose-gc: makes 20,000 calls, 64 at a time, while the young are collected, and prints the
// bytes of heap that survived. What other tests hold would otherwise be measured with it.
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
stdout.write(String(memoryUsage().heapUsed - before));
