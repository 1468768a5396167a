import { expect, test } from "vitest";
import { ownersOf } from "./owners-of.ts";

test("tells whose data there is, and no owners of marks to cache", () => {
  expect(ownersOf()).toEqual([]);
  expect(
    ownersOf({
      a: { cacheControl: { type: "ephemeral" } },
      b: { cache_control: { type: "ephemeral", ttl: "1h" } },
      c: { cachePoint: {} },
      d: { cachePoint: {}, signature: "abc" },
      e: { citations: { enabled: true } },
      f: {},
    }),
  ).toEqual(["d", "e", "f"]);
});
