import type { Warning } from "@plugboard/core";
import type { WireTurn } from "@plugboard/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyModel, anyRequest } from "../../test/any-request.ts";
import { familyOf } from "./family.ts";
import { mendTurns } from "./mend-turns.ts";
import type { Block } from "./messages.ts";
import { conversationOf } from "./turns.ts";

const mark = { cachePoint: { type: "default" } };
const call = (id: string): Block => ({ toolUse: { toolUseId: id, name: "f", input: { a: 1 } } });
const result = (id: string, text = "done"): Block => ({ toolResult: { toolUseId: id, content: [{ text }] } });

function mended(
  turns: readonly WireTurn<Block>[],
  { tools = true, names = new Map<string, string>() } = {},
): { readonly turns: readonly WireTurn<Block>[]; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  return { turns: mendTurns(turns, { tools, calledTools: names, warn }), warnings };
}

const user = (...blocks: Block[]): WireTurn<Block> => ({ role: "user", blocks });
const assistant = (...blocks: Block[]): WireTurn<Block> => ({ role: "assistant", blocks });
const hello = user({ text: "Hello" });

test("a mark that is left without what it marked goes too, and a turn of nothing else with it", () => {
  const late = [hello, assistant(call("1")), user({ text: "Wait." }), user(result("1"), mark, mark, { text: "So?" })];
  expect(mended(late).turns).toEqual([
    hello,
    assistant(call("1")),
    user(result("1"), { text: "Wait." }, mark, { text: "So?" }),
  ]);

  const bare = [hello, assistant({ text: "a" }), user(mark), assistant({ text: "b" }, mark, mark)];
  expect(mended(bare).turns).toEqual([hello, assistant({ text: "a" }, { text: "b" }, mark)]);
});

test("a result without a call is told in words, by the name of its tool where it is known", () => {
  const turns = [user(result("1"), result("2"))];
  const { turns: told, warnings } = mended(turns, { names: new Map([["1", "weather"]]) });
  expect(told).toEqual([
    user({ text: "Result of weather:" }, { text: "done" }, { text: "Result of a tool:" }, { text: "done" }),
  ]);
  expect(warnings).toHaveLength(2);
});

test("without tools, calls and results are told in words", () => {
  const { turns, warnings } = mended([hello, assistant(call("1")), user(result("1"))], { tools: false });
  expect(turns).toEqual([
    hello,
    assistant({ text: 'Call of the tool f: {"a":1}' }),
    user({ text: "Result of f:" }, { text: "done" }),
  ]);
  expect(warnings).toHaveLength(1);
});

test("what an assistant began ends without a blank, before a mark too; other ends stay as they are", () => {
  expect(mended([hello, assistant({ text: "So " }, mark)]).turns[1]).toEqual(assistant({ text: "So" }, mark));
  const image = { image: { format: "png", source: { bytes: "AQ==" } } };
  expect(mended([hello, assistant(image)]).turns[1]).toEqual(assistant(image));
  expect(mended([assistant({ text: "So" })]).turns).toEqual([user({ text: "Begin." }), assistant({ text: "So" })]);
  expect(() => mended([])).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("what is mended needs no mending", () => {
  fc.assert(
    fc.property(anyRequest, anyModel, fc.boolean(), ({ messages }, model, tools) => {
      const { turns } = conversationOf(messages, {
        family: familyOf(model),
        tools,
        warn: () => {},
        toolName: (name) => name,
      });
      expect(mended(turns, { tools })).toEqual({ turns, warnings: [] });
    }),
    { numRuns: 200 },
  );
});
