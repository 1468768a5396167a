import type { ModelEvent, ReplySource } from "../src/index.ts";

/** One read of a played source: events, a failure, or nothing for ever. */
export type Step = readonly ModelEvent[] | Error | "hang";

/** A source that plays steps, and remembers how it was treated. */
export interface Played extends ReplySource {
  /** Pulls that were asked for. */
  readonly pulls: number;
  readonly cancels: number;
}

/** Plays steps, one a pull, and then closes. Every pull settles a turn later, as a read of the network does. */
export function play(steps: readonly Step[]): Played {
  let pulls = 0;
  let cancels = 0;
  return {
    get pulls() {
      return pulls;
    },
    get cancels() {
      return cancels;
    },
    async pull() {
      const step = steps[pulls++];
      await Promise.resolve();
      if (step === "hang") return new Promise<never>(() => {});
      if (step instanceof Error) throw step;
      return step;
    },
    cancel() {
      cancels++;
    },
  };
}

/** An answer of one text part, a read for each piece of it. */
export function say(...pieces: readonly string[]): (readonly ModelEvent[])[] {
  const text = pieces.join("");
  return [
    [{ type: "start", model: "played" }],
    ...pieces.map((piece): ModelEvent[] => [{ type: "text-delta", index: 0, text: piece }]),
    [
      { type: "part", index: 0, part: { type: "text", text } },
      { type: "finish", finishReason: "stop", usage: { input: 3, output: pieces.length } },
    ],
  ];
}
