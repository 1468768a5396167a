import { expect, test } from "vitest";
import { legalNames, wireToolName } from "./legal-names.ts";

const rules = { legal: (name: string): string => name.replaceAll(/[^a-z_]/g, "_").slice(0, 8), longest: 8 };

test("leaves legal names, and makes the others legal, free and known again", () => {
  const names = legalNames(["look up", "look_up", "look.up"], rules);
  expect(["look_up", "look up", "look.up"].map(names.toWire)).toEqual(["look_up", "look_2", "look_3"]);
  expect(["look_up", "look_2", "look_3"].map(names.toOurs)).toEqual(["look_up", "look up", "look.up"]);
});

test("gives the same name the same way, also one that turns up later", () => {
  const names = legalNames([], rules);
  expect([names.toWire("wetter für"), names.toWire("wetter für")]).toEqual(["wetter_f", "wetter_f"]);
  expect(names.toOurs("nobody's")).toBe("nobody's");
});

test("keeps what is settled", () => {
  const names = legalNames(["search"], { ...rules, settled: [["finder", "search"]] });
  expect([names.toWire("finder"), names.toOurs("search")]).toEqual(["search", "finder"]);
});

test("says what a tool is called on the wire, where that is not its name", () => {
  const names = legalNames(["look up", "fly"], rules);
  const warnings: unknown[] = [];
  const told = (name: string): string => wireToolName(name, "tools[0]", names, (warning) => warnings.push(warning));
  expect([told("fly"), told("look up")]).toEqual(["fly", "look_up"]);
  expect(warnings).toEqual([
    { code: "adapted", path: "tools[0].name", message: "look up is called look_up on the wire." },
  ]);
});
