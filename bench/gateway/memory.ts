/** Bytes of a process: what the system gave it, and what of that somebody holds. */
export interface Memory {
  readonly resident: number;
  readonly used: number;
}

/** Tells who measures how much memory this process holds, as often as it is asked; and ends with it. */
export function answerMemory(): void {
  process.on("message", (message) => {
    if (message !== "memory") return;
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ resident: rss, used: heapUsed + external } satisfies Memory);
  });
  process.on("disconnect", () => process.exit());
}
