import { writeHeapSnapshot } from "node:v8";

/** Tells who measures how much memory this process holds, in bytes, as often as it is asked; and ends with it. */
export function answerMemory(): void {
  process.on("message", (message) => {
    if (message === "snapshot") return void process.send?.({ memory: writeHeapSnapshot().length });
    if (message !== "memory") return;
    globalThis.gc?.();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    process.send?.({ memory: rss, heapUsed, external, arrayBuffers });
  });
  process.on("disconnect", () => process.exit());
}
