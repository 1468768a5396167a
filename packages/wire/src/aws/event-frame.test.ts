import { awsFrame } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventFrame } from "./event-frame.ts";

test("writes what the specification says, byte for byte", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("contentBlockDelta", "throttlingException", "a".repeat(200)),
      fc.jsonValue(),
      fc.constantFrom("event" as const, "exception" as const),
      (type, payload, kind) => {
        const body = JSON.parse(JSON.stringify(payload)) as string; // as JSON has it: no -0
        expect(Buffer.from(eventFrame(type, body, kind)).equals(awsFrame(type, body, kind))).toBe(true);
      },
    ),
  );
});
