import { setTimeout } from "node:timers/promises";
import { key, promptMark } from "./secrets.ts";

/** What came out of a process beside what it was to say. */
export interface OutputWatch {
  /** Says what should not have come out, and lets everything be as it was. */
  stop(): Promise<string[]>;
}

type Write = typeof process.stdout.write;

/** Watches for rejections that nobody handles, for warnings, and for the key and the question on the console. */
export function watchOutput(): OutputWatch {
  const problems: string[] = [];
  const onRejection = (reason: unknown): void =>
    void problems.push(`a rejection that nobody handles: ${String(reason)}`);
  const onWarning = (warning: Error): void => void problems.push(`a warning: ${warning.name}: ${warning.message}`);
  process.on("unhandledRejection", onRejection);
  process.on("warning", onWarning);

  const streams = [process.stdout, process.stderr].map((stream) => {
    const write: Write = stream.write.bind(stream);
    stream.write = ((...call: Parameters<Write>) => {
      const text = String(call[0]);
      if (text.includes(key)) problems.push("the key was printed");
      if (text.includes(promptMark)) problems.push("the question was printed");
      return write(...call);
    }) as Write;
    return () => (stream.write = write);
  });

  return {
    async stop() {
      await setTimeout(20); // rejections are told a turn later
      for (const giveBack of streams) giveBack();
      process.off("unhandledRejection", onRejection);
      process.off("warning", onWarning);
      return problems;
    },
  };
}
