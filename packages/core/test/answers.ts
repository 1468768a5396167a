import fc from "fast-check";
import type { AssistantPart, ModelEvent } from "../src/index.ts";

/** A whole answer and one way in which it may come: its parts interleaved, each in pieces, spread over reads. */
export interface Answer {
  readonly content: readonly AssistantPart[];
  readonly reads: readonly (readonly ModelEvent[])[];
}

const pieces = fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 5 });

const lines = fc.oneof(
  pieces.map((texts) => (index: number): readonly [AssistantPart, ModelEvent[]] => {
    const part = { type: "text", text: texts.join("") } as const;
    return [
      part,
      [...texts.map((text): ModelEvent => ({ type: "text-delta", index, text })), { type: "part", index, part }],
    ];
  }),
  pieces.map((texts) => (index: number): readonly [AssistantPart, ModelEvent[]] => {
    const part = { type: "reasoning", text: texts.join(""), providerData: { some: { signature: "s" } } } as const;
    return [
      part,
      [...texts.map((text): ModelEvent => ({ type: "reasoning-delta", index, text })), { type: "part", index, part }],
    ];
  }),
  fc
    .tuple(fc.string(), fc.dictionary(fc.string(), fc.integer()))
    .map(([name, input]) => (index: number): readonly [AssistantPart, ModelEvent[]] => {
      const raw = JSON.stringify(input);
      const part = { type: "tool-call", id: `call-${index}`, name, input, raw } as const;
      return [
        part,
        [
          { type: "tool-call-start", index, id: part.id, name },
          { type: "tool-call-delta", index, text: raw },
          { type: "part", index, part },
        ],
      ];
    }),
);

/** Answers of up to four parts, in every order in which a provider could send them. */
export const answers: fc.Arbitrary<Answer> = fc
  .tuple(fc.array(lines, { maxLength: 4 }), fc.infiniteStream(fc.nat(1000)))
  .map(([made, choices]) => {
    const parts = made.map((line, index) => line(index));
    const queues = parts.map(([, events]) => [...events]);
    const reads: ModelEvent[][] = [[{ type: "start", model: "m", id: "a" }]];
    const choose = (bound: number): number => Number(choices.next().value) % bound;
    for (let left = queues.filter((queue) => queue.length > 0); left.length > 0;) {
      if (choose(2)) reads.push([]);
      const queue = left[choose(left.length)] ?? [];
      reads.at(-1)!.push(...queue.splice(0, 1));
      left = left.filter((queue) => queue.length > 0);
    }
    if (choose(2)) reads.push([]);
    reads.at(-1)!.push({ type: "finish", finishReason: "stop", usage: { input: 7, output: 9 } });
    return { content: parts.map(([part]) => part), reads };
  });
