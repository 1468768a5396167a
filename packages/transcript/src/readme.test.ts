import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Format } from "./format.ts";
import { formats } from "./formats.ts";
import { langchainMessages } from "./langchain/index.ts";

/** A row of the table, from what a format promises. */
function rowOf({ name, holds }: Format): string[] {
  const list = (items: readonly string[]): string => items.join(", ");
  const flag = (value: boolean): string => (value ? "yes" : "");
  const word = (value: string): string => (value === "none" ? "" : value);
  const { conversation, message, system, reasoning, tools, isError, jsonOutput, toolDefinitions } = holds;
  const { files, filenames, sources, citations, owners } = holds;
  return [
    `\`${name}\``,
    list(conversation),
    list(message),
    word(system),
    word(reasoning),
    word(tools),
    flag(isError),
    flag(jsonOutput),
    flag(toolDefinitions),
    list(files),
    list(filenames),
    flag(sources),
    flag(citations),
    owners === "all" ? owners : list(owners),
  ];
}

test("the table of the README is what the formats promise", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = readme
    .slice(readme.indexOf("<!-- formats -->"))
    .split("\n\n")[1]!
    .split("\n")
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toStrictEqual([...formats, langchainMessages].map(rowOf));
});
