// Writes the catalogue's data from an export of models.dev: node packages/catalog/scripts/generate.ts <models.json>
import { readFileSync, writeFileSync } from "node:fs";
import { convert, print } from "../src/models-dev.ts";
import type { Source } from "../src/models-dev.ts";

const [path] = process.argv.slice(2);
if (path === undefined)
  throw new Error("Say where the export is: node packages/catalog/scripts/generate.ts <models.json>");

const table = print(convert(JSON.parse(readFileSync(path, "utf8")) as Source));
if (/[`\\]|\$\{/.test(table))
  throw new Error("The table has a character that a template literal does not carry as it is.");

const target = new URL("../src/data.ts", import.meta.url);
writeFileSync(
  target,
  `// Written by scripts/generate.ts: change that, or an application's own table, not this. What a line holds: see CatalogRow in table.ts.
// JSON as text, since it is parsed faster than code, and only once somebody asks.
export const data: string = \`${table}\`;
`,
);
