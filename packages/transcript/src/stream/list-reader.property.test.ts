import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readItems } from "./read-items.ts";
import type { Item } from "./read-items.ts";

interface Told {
  readonly items: Item[];
  readonly stop?: ModelError;
}

async function told(text: string, size = text.length): Promise<Told> {
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const items: Item[] = [];
  try {
    for await (const item of readItems(pieces(), { framing: "array" })) items.push(item);
    return { items };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { items, stop: error };
  }
}

const good = ({ items }: Told): Json[] => items.flatMap(({ value }) => ("json" in value ? [value.json] : []));
const bad = ({ items }: Told): string[] => items.flatMap(({ value }) => ("text" in value ? [value.text] : []));

test.each([
  [
    "an escape that is none",
    '{"id":2,"t":"\\x"}',
    'an escape: \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four digits was expected at character 14',
  ],
  ["no comma between members", '{"id":2 "t":""}', "a comma or } was expected at character 9"],
  ["a comma too much", '{"id":2,}', "the name of a member was expected at character 9"],
  ["a value that is none", '{"id":2,"t":NaN}', "a value was expected at character 13"],
  ["no bracket at its end", '{"id":2,"t":[1,2', "a comma or ] was expected at character 17"],
  ["a bracket too little within", '{"id":2,"t":[1,2}', "a comma or ] was expected at character 17"],
  ["a bracket too much within", '{"id":2,"t":{"x":1}},"u":2}', "the end was expected at character 21"],
  ["a bracket too much at its end", '{"id":2,"t":1}]', "the end was expected at character 15"],
  ["no quote at the end of a text", '{"id":2,"t":"a}', "the end of a text was expected"],
  [
    "no quote at the end of a text that is not the last",
    '{"id":2,"t":"a,"u":"b"}',
    "a comma or } was expected at character 17",
  ],
  ["no quote at the beginning of a text", '{"id":2,"t":a","u":"b"}', "a value was expected at character 13"],
  [
    "no quote, and a line end in the text",
    '{"id":2,"t":"a\n,"u":1}',
    "the end of a text, or its line end as \\n was expected",
  ],
])("goes on behind an item with %s", async (_, broken, expected) => {
  const items = [
    { id: 1, t: "one" },
    { id: 3, t: "three" },
    { id: 4, t: "[{,]}" },
  ].map((item) => JSON.stringify(item));
  for (const size of [1, 7, 1000]) {
    const read = await told(`[${items[0]!},${broken},${items[1]!},${items[2]!}]`, size);
    expect(read.stop).toBeUndefined();
    expect(good(read)).toStrictEqual(items.map((item) => JSON.parse(item) as Json));
    const [fault] = read.items.flatMap(({ value, item }) => ("fault" in value ? [{ fault: value.fault, item }] : []));
    expect(fault).toStrictEqual({ item: 2, fault: expect.stringContaining(expected) as string });
    // A list's own bracket is in the text that has no end.
    expect(bad(read).map((text) => text.slice(0, broken.length))).toStrictEqual([broken]);
  }
});

test.each([
  ["a comma between two", '[{"a":1}{"a":2}]', "a comma was expected before item 2"],
  ["an item between two commas", '[{"a":1},,{"a":2}]', "a value was expected before item 2"],
  ["an item behind the last comma", '[{"a":1},{"a":2},]', "a value was expected before item 3"],
])("tells that %s is missing, and reads all items", async (_, text, expected) => {
  const read = await told(text);
  expect(good(read)).toStrictEqual([{ a: 1 }, { a: 2 }]);
  expect(read.items.find(({ value }) => "text" in value)?.value).toMatchObject({
    text: "",
    fault: expect.stringContaining(expected) as string,
  });
});

test("does not take what stands within a broken item for one", async () => {
  const items = [
    { uuid: "1", name: "a", messages: [] },
    { uuid: "3", name: "c", messages: [{ uuid: "4", text: "d" }] },
  ];
  const broken = '{"uuid":"2","name":"b","messages":[{"uuid":"5","text":"e"},{"uuid":"6","text":"f}]}';
  const read = await told(JSON.stringify(items).replace("},{", `},${broken},{`));
  expect(good(read)).toStrictEqual(items);
});

// As exports have them: objects with the same members, some of which hold objects that begin alike.
const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('"},{"id":7', "[1, 2]", 'say "no"', "{}", "line\nend", "é🙂", ",,]]}}"),
);
const anyExport = fc.array(
  fc.record({
    title: anyText,
    messages: fc.array(fc.record({ id: fc.nat(), text: anyText }), { maxLength: 3 }),
    extra: fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
  }),
  { minLength: 3, maxLength: 6 },
);

type Change =
  | { readonly kind: "cut"; readonly length: number }
  | { readonly kind: "insert"; readonly text: string }
  | { readonly kind: "drop"; readonly of: string };

const spoil: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), length: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    kind: fc.constant("insert" as const),
    text: fc.constantFrom("}", "]", "{", "[", '"', ",", ":", "x", "\\", "\n", "\\u12", "0"),
  }),
  fc.record({ kind: fc.constant("drop" as const), of: fc.constantFrom(",", '"', "{", "}", "[", "]", ":") }),
);

function spoilt(text: string, change: Change, seed: number): string {
  if (change.kind === "cut")
    return text.slice(0, seed % text.length) + text.slice((seed % text.length) + change.length);
  if (change.kind === "insert") return text.slice(0, seed % text.length) + change.text + text.slice(seed % text.length);
  const places = [...text.matchAll(/[,"{}[\]:]/g)].filter(([found]) => found === change.of).map(({ index }) => index);
  const place = places[seed % places.length];
  return place === undefined ? text : text.slice(0, place) + text.slice(place + 1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function beginsWithItem(text: string): boolean {
  if (/^\s*["[]/.test(text)) return true; // a text or a list, which takes what follows for its own
  if (isJson(text.replaceAll(/^[\s,]+|[\s,]+$/g, ""))) return true; // nothing but a comma too much
  return [...text.matchAll(/\}(?=\s*(?:,\s*[^"\s]|\]))/g)].some(({ index }) => isJson(text.slice(0, index + 1)));
}

/** What is not as it should be, with one item spoilt. */
function faultsOf(read: Told, items: readonly unknown[], place: number): string[] {
  const all = items.map((item) => JSON.stringify(item));
  const others = all.toSpliced(place, 1);
  const found = good(read).map((item) => JSON.stringify(item));
  // Scraps of the spoilt one may be numbers and texts, which are no items.
  const made = found.filter((item) => item.startsWith("{") && !others.includes(item));
  const { stop } = read;
  if (!stop) {
    // Where what spoils it stands before it, it is read itself.
    const wanted = found.length === all.length ? all : others;
    return [
      ...(found.join() === wanted.join() ? [] : [`read: ${found.join()}`]),
      ...(bad(read).length > 0 ? [] : ["told nothing"]),
    ];
  }
  return [
    ...(found.slice(0, place).join() === others.slice(0, place).join() ? [] : [`kept: ${found.join()}`]),
    ...made.map((item) => `made up: ${item}`),
    ...(/^Line \d+, after item \d+: .*What follows cannot be read\.$/.test(stop.message) ? [] : [stop.message]),
  ];
}

test("whatever one item is spoilt by, all others are read, or it is told where it could not be gone on", async () => {
  let stops = 0;
  let spoiled = 0;
  await fc.assert(
    fc.asyncProperty(
      anyExport,
      fc.nat(),
      fc.nat(),
      spoil,
      fc.boolean(),
      fc.integer({ min: 1, max: 400 }),
      async (items, which, seed, change, pretty, size) => {
        fc.pre(!JSON.stringify(items).includes("__proto__"));
        const place = which % items.length;
        const texts = items.map((item) => JSON.stringify(item, undefined, pretty ? 2 : undefined));
        const broken = spoilt(texts[place]!, change, seed);
        // An item may be another one after it, or two of them, and still be JSON.
        fc.pre(!isJson(`[${broken}]`));
        // Or begin with one that nothing is wrong with, and that something follows which may follow it.
        fc.pre(!beginsWithItem(broken));
        const read = await told(`[${texts.with(place, broken).join(",\n")}]`, size);
        spoiled++;
        if (read.stop) stops++;
        expect(faultsOf(read, items, place)).toStrictEqual([]);
      },
    ),
    { numRuns: 1500 },
  );
  // Most stops are of first items, with which nothing is known yet of those that follow.
  expect(stops / spoiled).toBeLessThan(0.25);
});
