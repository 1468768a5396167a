import type { Warning } from "@plugboard/core";
import { expect, test } from "vitest";
import { foreignData } from "./foreign-data.ts";

test("tells once of each provider whose data is not sent, where it first stands", () => {
  const warnings: Warning[] = [];
  const understands = (data: object): boolean => "acme" in data;
  const note = foreignData({ provider: "Acme", understands, warn: (warning) => void warnings.push(warning) });
  note({}, "messages[0]");
  note({ providerData: { acme: {}, other: {} } }, "messages[1]");
  note({ providerData: { first: {}, second: {} } }, "messages[2]");
  note({ providerData: { second: {} } }, "messages[3]");
  expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    "messages[2]: Data that belongs to the provider first is not sent to Acme.",
    "messages[2]: Data that belongs to the provider second is not sent to Acme.",
  ]);
});
