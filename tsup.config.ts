import { globSync, readFileSync } from "node:fs";
import type { Options } from "tsup";

// One configuration for every package: run inside it, it builds what the package exports.
// "./src/serve.ts" becomes dist/serve.js and dist/serve.d.ts; "./src/vendors/*.ts" is every file that matches.
const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly exports: Record<string, string> };
const sources = Object.values(exports)
  .flatMap((path) => globSync(path))
  .filter((path) => !/\.(test|test-d)\.ts$/.test(path));

const config: Options = {
  entry: Object.fromEntries(sources.map((path) => [path.replace(/^(\.\/)?src\//, "").replace(/\.ts$/, ""), path])),
  format: "esm",
  platform: "node",
  target: "node22.19",
  // tsup would write "sqlite" for "node:sqlite", which Node does not know.
  removeNodeProtocol: false,
  dts: true,
  clean: true,
  silent: true,
};
export default config;
