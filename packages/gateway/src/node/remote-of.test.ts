import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { remoteOf } from "./remote-of.ts";

const from = (forwarded: string | undefined, proxies: number): string =>
  remoteOf({ socket: { remoteAddress: "10.0.0.1" }, headers: { "x-forwarded-for": forwarded } } as unknown as IncomingMessage, proxies);

test("believes no header where no proxy is named", () => {
  expect(from("1.1.1.1", 0)).toBe("10.0.0.1");
});

test("takes what the outermost trusted proxy saw, and not what the client wrote before it", () => {
  expect(from("9.9.9.9, 1.1.1.1", 1)).toBe("1.1.1.1");
  expect(from("9.9.9.9, 1.1.1.1, 10.0.0.2", 2)).toBe("1.1.1.1");
  expect(from(undefined, 1)).toBe("10.0.0.1");
  expect(from("1.1.1.1", 3)).toBe("10.0.0.1");
});
