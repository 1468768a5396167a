import type { FilePart, Json, JsonObject, ModelRequest } from "@plugboard/core";
import { requestsWith, validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "./encode.ts";
import { chatProtocol } from "./serve.ts";

const schemas = await validator();

/** Ollama takes images alone, and bytes alone. */
const files: fc.Arbitrary<FilePart> = fc.record({
  type: fc.constant("file" as const),
  mediaType: fc.constant("image/png"),
  data: fc
    .uint8Array({ maxLength: 4 })
    .map((more) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...more])),
});
const anyRequest = requestsWith({ files });

interface Turn {
  readonly role: string;
  readonly content: string;
  readonly thinking?: string;
  readonly images?: readonly string[];
  readonly tool_name?: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: Json } }[];
}

/** What Ollama's templates make sense of, beyond its schema. */
function brokenRules(body: JsonObject): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const turns = body["messages"] as unknown as readonly Turn[];
  let open: string[] = [];
  turns.forEach((turn, place) => {
    if (turn.role === "tool") {
      rule(open[0] === turn.tool_name, `the result ${turn.tool_name} of turn ${place} answers no open call`);
      open = open.slice(1);
      return;
    }
    rule(open.length === 0, `calls ${open.join()} have no result before turn ${place}`);
    open = (turn.tool_calls ?? []).map((call) => call.function.name);
    const says = turn.content !== "" || turn.thinking || turn.images || open.length > 0;
    rule(Boolean(says), `turn ${place} says nothing`);
    for (const { function: called } of turn.tool_calls ?? []) {
      const { arguments: input } = called;
      rule(typeof input === "object" && input !== null && !Array.isArray(input), `arguments of turn ${place}`);
    }
  });
  rule(open.length === 0, "ends with open calls");
  return broken;
}

test("keeps to what Ollama makes sense of, whatever the history holds", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      expect(brokenRules(encode("m", request).body)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.skipIf(!schemas)("writes what Ollama's schema allows (skipped where the schemas are not there)", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const sent = JSON.parse(JSON.stringify(encode("m", request).body)) as Json;
      expect(schemas!.requestErrors("ollama", sent)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("is pure, and what it has mended needs no mending when it is read back", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const before = JSON.stringify(request satisfies ModelRequest);
      const { body } = encode("m", request);
      expect(JSON.stringify(request)).toBe(before);
      const once = JSON.parse(JSON.stringify(body)) as JsonObject;
      const again = encode("m", chatProtocol().readRequest(once).request);
      expect((JSON.parse(JSON.stringify(again.body)) as JsonObject)["messages"]).toEqual(once["messages"]);
    }),
    { numRuns: 300 },
  );
});
