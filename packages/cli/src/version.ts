import { readFileSync } from "node:fs";

/** Of this package: it stands beside `src` and `dist` alike. */
export const version: string = versionOf(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

function versionOf(manifest: string): string {
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return version;
}
