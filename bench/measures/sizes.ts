import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { spread } from "../measure.ts";
import type { Peer } from "../peers/subjects.ts";
import type { Report } from "../report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const own = { name: "plugboard", imports: ["@plugboard/core", "@plugboard/openai"] };
/** What one call takes. */
const program = `import { openai } from "@plugboard/openai"; openai("gpt-4o").generate("").then(console.log)`;
const installed = ["core", "middleware", "routing", "openai"];
/** What may not be passed. The bundle is above the 12 kB that are wanted, and may not grow further. */
const bounds = { bundle: 29_500, packages: 12, installed: 2_000_000 };

/** What does not vary from run to run. Gives what is above its bound. */
export async function measureSizes(report: Report, peers: readonly Peer[]): Promise<string[]> {
  const excess: string[] = [];
  const bytes = await bundle(program, join(root, "bench"));
  if (bytes > bounds.bundle) excess.push(`the bundle of one generate call: ${bytes} bytes`);
  const rows = [{ name: own.name, ours: true, value: bytes, cells: [kilo(bytes)] }];
  for (const peer of peers) {
    const size = await bundle(peer.program, join(root, "bench/peers")).catch(() => undefined);
    if (size !== undefined) rows.push({ name: peer.name, ours: false, value: size, cells: [kilo(size)] });
  }
  report.add({
    id: "bundle",
    title: "bundle of one generate call, minified and compressed, kB",
    unit: "bytes",
    wanted: "≤ 12 kB",
    columns: ["kB"],
    rows,
  });

  excess.push(...(await addInstalled(report, peers)));
  return excess;
}

async function addInstalled(report: Report, peers: readonly Peer[]): Promise<string[]> {
  const excess: string[] = [];
  const closure = closureOf(
    installed.map((name) => join(root, "packages", name)),
    (path) => path,
  );
  const unbuilt = [...closure].filter(
    (path) => path.startsWith(join(root, "packages")) && !existsSync(join(path, "dist")),
  );
  const rows = [];
  if (closure.size > bounds.packages) excess.push(`installed: ${closure.size} packages`);
  if (unbuilt.length > 0) {
    report.note(
      "skipped: the bytes installed of ours, since the packages are not built (`pnpm build`); they are counted all the same.",
    );
  } else {
    const size = [...closure].reduce((sum, path) => sum + sizeOf(path, ownFiles), 0);
    if (size > bounds.installed) excess.push(`installed: ${size} bytes`);
    rows.push({ name: own.name, ours: true, value: size, cells: [mega(size), String(closure.size)] });
  }
  if (rows.length === 0) rows.push({ name: own.name, ours: true, value: 0, cells: ["–", String(closure.size)] });
  const modules = join(root, "bench/peers/node_modules");
  for (const { name, packages } of peers) {
    const all = closureOf(
      packages.map((each) => join(modules, each)),
      realpathSync,
    );
    const size = [...all].reduce((sum, path) => sum + sizeOf(path), 0);
    rows.push({ name, ours: false, value: size, cells: [mega(size), String(all.size)] });
  }
  report.add({
    id: "installed",
    title: "installed for calls with OpenAI (ours with middleware and routing)",
    unit: "bytes",
    wanted: "≤ 2 MB, ≤ 12 packages",
    columns: ["MB", "packages"],
    rows,
  });
  return excess;
}

async function bundle(contents: string, directory: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: directory, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

/** The directories of packages and of all they depend on. */
function closureOf(directories: readonly string[], resolve: (path: string) => string): Set<string> {
  const found = new Set<string>();
  const left = directories.map((path) => realpathSync(path));
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const { dependencies = {} } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(dependencies)) left.push(resolve(realpathSync(whereIs(name, path))));
  }
  return found;
}

function whereIs(name: string, from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, "node_modules", name);
    if (existsSync(path)) return path;
    if (at === dirname(at)) throw new Error(`${name} is not installed for ${from}.`);
  }
}

/** What of a package of ours is published. */
const ownFiles: ReadonlySet<string> = new Set(["dist", "package.json", "README.md", "LICENSE"]);

function sizeOf(path: string, files?: ReadonlySet<string>): number {
  let size = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === "node_modules" || (files && !files.has(entry.name))) continue;
    const at = join(path, entry.name);
    if (entry.isDirectory()) size += sizeOf(at);
    else if (entry.isFile()) size += statSync(at).size;
  }
  return size;
}

interface Imported {
  readonly name: string;
  readonly imports: readonly string[];
  /** Where from. */
  readonly from: string;
  readonly ours: boolean;
  readonly times: number[];
}

/** What importing takes beyond a bare Node: each import in processes of its own, taking turns. */
export async function measureImports(report: Report, peers: readonly Peer[], rounds: number): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), "plugboard-import-"));
  try {
    await publish(place);
    const timed: readonly Imported[] = [
      { name: "bare node", imports: [], from: place, ours: false, times: [] },
      { ...own, from: place, ours: true, times: [] },
      ...peers.map(({ name, imports }) => {
        return { name, imports, from: join(root, "bench/peers"), ours: false, times: [] };
      }),
    ];
    for (let round = -1; round < rounds; round++) {
      for (const { imports, from, times } of timed) {
        const code = imports.map((name) => `import ${JSON.stringify(name)};`).join("");
        const begun = performance.now();
        execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: from });
        if (round >= 0) times.push(performance.now() - begun);
      }
    }
    const bare = spread(timed[0]!.times);
    report.add({
      id: "import",
      title: "import, ms beyond a bare node",
      unit: "ms",
      wanted: "≤ 10 ms",
      columns: ["least", "median", "whole"],
      rows: timed.slice(1).map(({ name, ours, times }) => {
        const { least, median } = spread(times);
        const cells = [(least - bare.least).toFixed(1), (median - bare.median).toFixed(1), median.toFixed(0)];
        return { name, ours, value: Math.max(least - bare.least, 0.1), cells };
      }),
    });
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Our packages as they are published: a file each, without the types. */
async function publish(place: string): Promise<void> {
  for (const name of ["core", "wire", "openai"]) {
    const directory = join(place, "node_modules/@plugboard", name);
    mkdirSync(directory, { recursive: true });
    const manifest = { name: `@plugboard/${name}`, type: "module", exports: "./index.js" };
    writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
    await build({
      entryPoints: [join(root, "packages", name, "src/index.ts")],
      outfile: join(directory, "index.js"),
      bundle: true,
      format: "esm",
      platform: "node",
      external: ["@plugboard/*"],
    });
  }
}

const kilo = (bytes: number): string => (bytes / 1000).toFixed(1);
const mega = (bytes: number): string => (bytes / 1_000_000).toFixed(2);
