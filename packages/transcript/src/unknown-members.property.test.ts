import type { Json, JsonObject } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyConversation } from "./any-conversation.arbitrary.ts";
import type { Conversation } from "./conversation.ts";
import type { Loss } from "./format.ts";
import { formats } from "./formats.ts";
import { langchainMessages } from "./langchain/index.ts";
import { leavesOf, pathText, valueAt } from "./losses/json-path.ts";
import type { JsonPath } from "./losses/json-path.ts";
import { plugboardLines } from "./plugboard/plugboard-lines.ts";

type Change = (json: Json) => { readonly json: Json; readonly path: JsonPath } | undefined;

const mark = "unheard-of-4711";
const strange = fc.constantFrom<Json>(mark, { say: mark }, [{ type: "odd", text: mark }], { deep: { er: [1, mark] } });

/** Every object within a value, and every list of objects. */
function placesIn(json: Json, isWanted: (value: Json) => boolean, path: JsonPath = []): JsonPath[] {
  const below =
    typeof json === "object" && json !== null
      ? Object.entries(json).flatMap(([name, value]) =>
          placesIn(value as Json, isWanted, [...path, Array.isArray(json) ? Number(name) : name]),
        )
      : [];
  return isWanted(json) ? [path, ...below] : below;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const anyMember: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.constantFrom("x_vendor", "annotations", "cache_hint"), strange)
  .map(([seed, name, value]) => (json) => {
    const places = placesIn(json, isObject).filter((path) => !path.includes("plugboard"));
    if (places.length === 0) return undefined;
    const place = places[seed % places.length]!;
    const changed = structuredClone(json);
    (valueAt(changed, place) as Record<string, Json>)[name] = value;
    return { json: changed, path: [...place, name] };
  });

const anyBlock: fc.Arbitrary<Change> = fc.nat().map((seed) => (json) => {
  // Lists of what was said: those whose items are objects with a type or, at Gemini and Bedrock, without one.
  const isContent = (value: Json): boolean =>
    Array.isArray(value) && value.length > 0 && value.every((each) => isObject(each as Json));
  // What we wrote beside a message in our own form is ours, and has no kinds that we do not know.
  const places = placesIn(json, isContent).filter(
    (path) =>
      ["content", "parts"].includes(String(path.at(-1))) && !path.includes("output") && !path.includes("plugboard"),
  );
  if (places.length === 0) return undefined;
  const place = places[seed % places.length]!;
  const changed = structuredClone(json);
  const list = valueAt(changed, place) as Json[];
  const isTyped = list.some((each) => isObject(each) && typeof each["type"] === "string");
  list.push(isTyped ? { type: "hologram", hologram: mark } : { hologram: { say: mark } });
  return { json: changed, path: [...place, list.length - 1] };
});

const isWithin = (path: string, other: string): boolean =>
  path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);

/** Whether a loss is of where the mark stands in the conversation. */
function isOfMark(conversation: Conversation): (loss: Loss) => boolean {
  const json = JSON.parse(JSON.stringify(conversation)) as Json;
  const places = leavesOf(json)
    .filter(({ value }) => String(value).includes(mark))
    .map(({ path }) => pathText(path));
  return (loss) => places.some((place) => isWithin(place, loss.path) || isWithin(loss.path, place));
}

test.each([...formats, langchainMessages])(
  "$name: what the reader does not know comes back, or is told at its place",
  async (format) => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        anyConversation,
        fc.oneof({ weight: 3, arbitrary: anyMember }, anyBlock),
        async (conversation, change) => {
          const changed = change((await format.write(conversation)).json);
          if (!changed) return;
          tried++;
          const { conversation: read, losses } = await format.read(changed.json);
          const line = (await plugboardLines.write(read)).json;
          const back = await format.write((await plugboardLines.read(line)).conversation);
          const path = pathText(changed.path);
          // By its own path, that of what it stands in, or those of what it is made of.
          const isTold = losses.some((loss) => isWithin(path, loss.path) || isWithin(loss.path, path));
          // What the conversation holds is there again once it is written, or told then.
          const isHeld = JSON.stringify(line).includes(mark);
          const isBack = isHeld && (JSON.stringify(back.json).includes(mark) || back.losses.some(isOfMark(read)));
          expect({ path, known: isBack || isTold, json: isBack || isTold ? 0 : changed.json }).toStrictEqual({
            path,
            known: true,
            json: 0,
          });
        },
      ),
      { numRuns: 150 },
    );
    // ChatML is one text, in which there is one place alone.
    expect(tried).toBeGreaterThan(format.name === "chatml" ? 20 : 50);
  },
);
