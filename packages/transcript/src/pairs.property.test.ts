import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyConversation } from "./any-conversation.arbitrary.ts";
import { convert } from "./convert.ts";
import { formats } from "./formats.ts";
import { langchainMessages } from "./langchain/index.ts";
import { asHeldBy, factsOf, isAmong, promises } from "./reference-facts.ts";

const all = [...formats, langchainMessages];
const runs = { numRuns: 12 };

describe.each(all)("$name", (format) => {
  test("holds what it promises to hold, and tells of everything else, at its place", async () => {
    await fc.assert(
      fc.asyncProperty(anyConversation, async (conversation) => {
        const { json, losses } = await format.write(conversation);
        const after = factsOf((await format.read(json)).conversation);
        const faults: string[] = [];
        for (const fact of factsOf(conversation)) {
          const isThere = isAmong(fact, after);
          const told = losses.some(
            ({ path }) => fact.path === path || fact.path.startsWith(`${path}.`) || path.startsWith(`${fact.path}.`),
          );
          if (!isThere && promises(format.holds, fact)) faults.push(`broken promise: ${JSON.stringify(fact)}`);
          if (!isThere && !told) faults.push(`silent: ${JSON.stringify(fact)}`);
        }
        expect({ faults, json: faults.length > 0 ? json : 0 }).toStrictEqual({ faults: [], json: 0 });
      }),
      { numRuns: 150 },
    );
  });

  test("tells of no loss where there is none", async () => {
    await fc.assert(
      fc.asyncProperty(anyConversation, async (conversation) => {
        const once = (await format.read((await format.write(conversation)).json)).conversation;
        const { losses } = await format.write(once);
        expect(losses).toStrictEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

const pairs = all.flatMap((a) => all.map((b) => ({ a, b })));

test.each(pairs.map(({ a, b }) => [a.name, b.name, a, b] as const))(
  "%s → %s → the first keeps what the second can hold",
  async (_a, _b, a, b) => {
    await fc.assert(
      fc.asyncProperty(anyConversation, async (conversation) => {
        const { json } = await a.write(conversation);
        const there = await convert(json, { from: a, to: b });
        const back = await convert(there.result, { from: b, to: a });
        const before = factsOf((await a.read(json)).conversation);
        const after = factsOf((await a.read(back.result)).conversation);
        const held = before.filter((fact) => promises(b.holds, fact) && promises(a.holds, asHeldBy(b.holds, fact)));
        const lost = held.filter((fact) => !isAmong(fact, after));
        expect(lost).toStrictEqual([]);
      }),
      runs,
    );
  },
);
