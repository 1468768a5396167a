import type { AssistantPart, Message } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { anyRequest } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formats } from "./formats.ts";
import { langchainMessages } from "./langchain/index.ts";
import { partsOf } from "./parts-of.ts";

/** What was said in so many words, and where. */
function textsOf(messages: readonly Message[]): (readonly [path: string, text: string])[] {
  return messages.flatMap(({ content }, place): (readonly [string, string])[] => {
    if (typeof content === "string") return content.trim() === "" ? [] : [[`messages[${place}]`, content] as const];
    return (partsOf(content) as readonly AssistantPart[]).flatMap((part, index) => {
      const text = part.type === "text" || part.type === "reasoning" ? part.text : "";
      return text.trim() === "" ? [] : [[`messages[${place}].content[${index}]`, text] as const];
    });
  });
}

test.each([...formats, langchainMessages])(
  "$name writes whatever history there is, and tells of every text that is not there",
  async (format) => {
    const runs = 80;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ messages, tools = [] }) => {
        const written = await format.write({ messages, tools }).catch((error: unknown) => {
          // A name that a provider cannot be told, say: refused, and not by accident.
          expect(error).toBeInstanceOf(ModelError);
          refused++;
        });
        if (!written) return;
        const said = textsOf((await format.read(written.json)).conversation.messages).map(([, text]) => text);
        const silent = textsOf(messages).filter(([path, text]) => {
          const isThere = said.some((other) => other.includes(text));
          return !isThere && !written.losses.some((loss) => loss.path === path || path.startsWith(`${loss.path}.`));
        });
        expect(silent).toStrictEqual([]);
      }),
      { numRuns: runs },
    );
    expect(refused).toBeLessThan(runs / 4);
  },
);
