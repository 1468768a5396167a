// What will be published, looked at as its users get it: built, packed, and read by publint, attw and size-limit.
import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: unknown };
}

const problems: string[] = [];
const target = mkdtempSync(join(tmpdir(), "plugboard-pack-"));
try {
  run("pnpm", ["build"]);
  for (const file of globSync("packages/*/package.json").toSorted()) {
    await check(join(file, ".."), JSON.parse(readFileSync(file, "utf8")) as Manifest);
  }
  if (spawnSync("size-limit", { stdio: "inherit" }).status !== 0) problems.push("size-limit: see above");
} finally {
  rmSync(target, { recursive: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

async function check(directory: string, manifest: Manifest): Promise<void> {
  const report = (problem: string): number => problems.push(`${manifest.name}: ${problem}`);

  if (!isDeepStrictEqual(manifest.publishConfig.exports, published(manifest.exports))) {
    report("publishConfig.exports is not what exports builds to");
  }

  const packed = run("pnpm", ["--dir", directory, "pack", "--json", "--pack-destination", target], "pipe");
  const { filename, files } = JSON.parse(packed) as {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  };
  const paths = new Set(files.map(({ path }) => path));
  for (const wanted of ["README.md", "LICENSE"]) if (!paths.has(wanted)) report(`${wanted} is not packed`);
  for (const path of paths) if (/(^|\/)src\/|\.test\./.test(path)) report(`${path} should not be packed`);

  const tarball = readFileSync(filename);
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  for (const message of messages) report(formatMessage(message, pkg, { color: false }) ?? message.code);

  const entries = Object.keys(manifest.exports);
  const wildcards = entries.some((entry) => entry.includes("*"));
  try {
    // attw finds plain entries by itself; what a wildcard stands for it has to be told.
    const told = wildcards ? ["--entrypoints", ...entries.flatMap((entry) => expand(directory, entry, manifest))] : [];
    run("attw", [filename, "--profile", "esm-only", "--format", "ascii", "--no-emoji", "--no-color", ...told], "pipe");
    console.log(`${manifest.name}: ${paths.size} files, ${entries.join(" ")}`);
  } catch (error) {
    report(`attw: ${(error as { readonly stdout?: string }).stdout ?? String(error)}`);
  }
}

function published(sources: Manifest["exports"]): unknown {
  return Object.fromEntries(
    Object.entries(sources).map(([entry, path]) => {
      const built = path.replace("./src/", "./dist/").replace(/\.ts$/, "");
      return [entry, { types: `${built}.d.ts`, default: `${built}.js` }];
    }),
  );
}

function expand(directory: string, entry: string, { exports }: Manifest): readonly string[] {
  const pattern = exports[entry]!;
  if (!pattern.includes("*")) return [entry];
  const [before, after] = pattern.split("*") as [string, string];
  return globSync(pattern, { cwd: directory })
    .filter((path) => !/\.test(-d)?\.ts$/.test(path))
    .map((path) => entry.replace("*", `./${path}`.replace("././", "./").slice(before.length, -after.length)));
}

function run(command: string, commandArguments: readonly string[], output: "inherit" | "pipe" = "inherit"): string {
  return execFileSync(command, commandArguments, { encoding: "utf8", stdio: ["ignore", output, "inherit"] }) ?? "";
}
