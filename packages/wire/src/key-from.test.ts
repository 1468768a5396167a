import { afterEach, expect, test, vi } from "vitest";
import { keyFrom } from "./key-from.ts";
import { Secret } from "./secret.ts";
import { failureFrom } from "./test-exchange.ts";

afterEach(() => void vi.unstubAllEnvs());

const source = { env: "PARROT_API_KEY", provider: "parrot" };

test("takes the option first, in every form, then the variable, each time anew", async () => {
  vi.stubEnv("PARROT_API_KEY", "from-env");
  let turn = 0;
  const rotated = { ...source, apiKey: () => Promise.resolve(`key-${++turn}`) };
  const reveal = async (given: Parameters<typeof keyFrom>[0]): Promise<string> => (await keyFrom(given)).reveal();
  expect(await reveal({ ...source, apiKey: "given" })).toBe("given");
  expect(await reveal({ ...source, apiKey: new Secret("kept", "apiKey") })).toBe("kept");
  expect([await reveal(rotated), await reveal(rotated)]).toEqual(["key-1", "key-2"]);
  expect(await reveal(source)).toBe("from-env");
  vi.stubEnv("PARROT_API_KEY", "later");
  expect(await reveal(source)).toBe("later");
});

test("names the option and the variable when there is no key", async () => {
  for (const value of [undefined, "", " "]) {
    vi.stubEnv("PARROT_API_KEY", value);
    expect(await failureFrom(keyFrom(source))).toMatchObject({
      code: "auth",
      provider: "parrot",
      message: "parrot needs a key: give the option apiKey, or set the variable PARROT_API_KEY.",
    });
  }
});

test("takes the first of several variables that is set, and names them all when none is", async () => {
  const several = { env: ["PARROT_KEY", "POLLY_KEY"], provider: "parrot", option: "token" };
  expect((await failureFrom(keyFrom(several))).message).toBe(
    "parrot needs a key: give the option token, or set the variable PARROT_KEY or POLLY_KEY.",
  );
  vi.stubEnv("POLLY_KEY", "second");
  expect((await keyFrom(several)).reveal()).toBe("second");
  vi.stubEnv("PARROT_KEY", "first");
  expect((await keyFrom(several)).reveal()).toBe("first");
});

test("says whose key is broken, and what asking for it failed with", async () => {
  vi.stubEnv("PARROT_API_KEY", "two words");
  expect((await failureFrom(keyFrom(source))).message).toMatch(/^PARROT_API_KEY holds a character/);
  const apiKey = (): never => {
    throw new Error("The vault is closed.");
  };
  expect(await failureFrom(keyFrom({ ...source, apiKey }))).toMatchObject({
    code: "auth",
    message: "The vault is closed.",
  });
});
