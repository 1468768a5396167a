import { expect, test } from "vitest";
import { parseEvent } from "./parse-event.ts";

const asker = { provider: "acme", model: "polly" };

test("an event is an object", () => {
  expect(parseEvent('{"type":"ping"}', asker)).toEqual({ type: "ping" });
});

test.each(["{", "", "[1]", "null", '"ping"'])("%j is none, which names whose it was", (data) => {
  expect(() => parseEvent(data, asker)).toThrow(expect.objectContaining({ code: "parse", ...asker }));
});
