import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fileFault } from "./file-fault.ts";

test.each([
  ["/no/such/file", "/no/such/file: there is no such file or folder."],
  ["/etc/hosts/file", "/etc/hosts/file: a part of the path is no folder."],
])("says in a sentence why %s cannot be read", async (path, said) => {
  const error: unknown = await readFile(path).catch((error: unknown) => error);
  expect(fileFault(error)).toBe(said);
});

test("says what the system says of what is rare", () => {
  const error = Object.assign(new Error("x"), { code: "ELOOP", errno: -40, syscall: "open", path: "a" });
  expect(fileFault(error)).toMatch(/^a: .*(?:loop|symbolic).*\.$/);
});

test("is silent about what is none of the file system", () => {
  expect(fileFault(new TypeError("x is not a function"))).toBeUndefined();
  expect(fileFault("odd")).toBeUndefined();
});
