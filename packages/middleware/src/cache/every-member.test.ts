import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { promptKey } from "./prompt-key.ts";
import { shapesOf } from "../../test/type-shape.ts";
import type { Shape } from "../../test/type-shape.ts";
import { changes, membersIn, sample } from "../../test/type-values.ts";

// What requests are made of is read from the types themselves: a member that is added to one of them is tried here without a word.
const [circumstances, ...requests] = shapesOf([
  ["request.ts", "CallOptions"],
  ["request.ts", "ModelRequest"],
  ["embedding-model.ts", "EmbeddingRequest"],
  ["rerank-model.ts", "RerankRequest"],
]);
type ObjectShape = Extract<Shape, { kind: "object" }>;
const ofCall = new Set([...(circumstances as ObjectShape).properties.map(({ key }) => key), "stream"]);

/** Functions that members of a type may also be are no question; an optional member that is `undefined` is one that is absent. */
function question(shape: Shape): Shape {
  switch (shape.kind) {
    case "union": {
      const members = shape.members.filter((member) => member.kind !== "literal" || member.value !== undefined);
      return members.length === 1 ? question(members[0]!) : { kind: "union", members: members.map(question) };
    }
    case "list":
      return { kind: "list", item: question(shape.item) };
    case "record":
      return { kind: "record", value: question(shape.value) };
    case "object":
      return {
        kind: "object",
        properties: shape.properties
          .filter(({ key }) => !ofCall.has(key))
          .map(({ key, name, optional, shape }) => ({ key, name, optional, shape: question(shape) })),
      };
    default:
      return shape;
  }
}

/** Numbers from 0 to 1, the same ones each time. */
function seededRandom(seed: number): () => number {
  const drawn = fc.sample(fc.noBias(fc.nat(2 ** 31 - 1)), { seed, numRuns: 50_000 });
  let place = 0;
  return () => drawn[place++ % drawn.length]! / 2 ** 31;
}

const key = (request: unknown): string => promptKey("test:model", request as object, [])!;

describe.each([
  ["chat", requests[0]!],
  ["embedding", requests[1]!],
  ["rerank", requests[2]!],
])("a request to a %s model", (_, whole) => {
  const shape = question(whole);

  test("has another key when any member of it, at any depth, is other, absent or more", () => {
    const random = seededRandom(7);
    const tried = new Set<string>();
    const same: string[] = [];
    let count = 0;
    for (let round = 0; round < 150; round++) {
      const request = sample(shape, random);
      const own = key(request);
      for (const { path, member, value } of changes(shape, request, random)) {
        if (key(value) === own) same.push(`${path} of ${JSON.stringify(request)}`);
        if (member !== undefined) tried.add(member);
        count++;
      }
    }
    expect(same).toEqual([]);
    expect([...membersIn(shape)].filter((member) => !tried.has(member))).toEqual([]);
    expect(count).toBeGreaterThan(500);
  });

  test("has the same key whatever its circumstances are", () => {
    const random = seededRandom(8);
    const request = sample(shape, random) as object;
    const own = key(request);
    for (const property of (whole as ObjectShape).properties) {
      if (!ofCall.has(property.key)) continue;
      expect([property.name, key({ ...request, [property.key]: sample(property.shape, random) })]).toEqual([
        property.name,
        own,
      ]);
    }
  });
});

test("the types have been read: what everyone knows of them is there", () => {
  const members = membersIn(question(requests[0]!));
  for (const member of ["ModelRequest.temperature", "TextPart.text", "FilePart.data", "FunctionTool.input"])
    expect(members).toContain(member);
  expect(members.size).toBeGreaterThan(60);
  for (const member of ["signal", "deadline", "tags", "notify", "admit", "headers"]) expect(ofCall).toContain(member);
});
