// Compiles the ts blocks of the documentation, and looks for what its links lead to.
//
// Each block is a module of its own, and may use what any example may. What several blocks of a page take for granted stands in a
// comment that readers do not see; it holds for the blocks after it, up to the next one:
//
//     <!-- ts
//     declare const model: import("@plugboard/core").Model;
//     -->
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

/** One block, as the compiler sees it. */
interface Block {
  readonly page: string;
  /** Of the page, where the code begins. */
  readonly line: number;
  /** Lines before the code. */
  readonly lead: number;
  readonly code: string;
}

const pages = globSync(["*.md", "packages/*/README.md", "docs/**/*.md"], {
  exclude: ["docs/api/**", "**/node_modules/**"],
}).toSorted();
const problems: string[] = [];
const blocks = pages.flatMap(blocksIn);
compile(blocks);
for (const page of pages) checkLinks(page);
checkDocumented();

for (const problem of problems) console.error(problem);
console.log(`${blocks.length} blocks of code on ${pages.length} pages; problems: ${problems.length}.`);
if (problems.length > 0 || blocks.length === 0) process.exitCode = 1;

function blocksIn(page: string): Block[] {
  const blocks: Block[] = [];
  let preamble = "";
  const text = readFileSync(page, "utf8");
  for (const { 1: hidden, 2: code, index } of text.matchAll(/^<!-- ts\n(.*?)^-->$|^```ts\n(.*?)^```$/gms)) {
    if (hidden !== undefined) preamble = hidden;
    else {
      const lead = `${preamble}export {};\n`;
      blocks.push({ page, line: lineAt(text, index) + 1, lead: lineAt(lead, lead.length) - 1, code: lead + code! });
    }
  }
  return blocks;
}

function compile(blocks: readonly Block[]): void {
  const { config } = ts.readConfigFile("tsconfig.base.json", (file) => ts.sys.readFile(file)) as {
    readonly config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  // A page says what a reader would write: who uses a package need not annotate what he exports.
  const relaxed = { ...options, declaration: false, isolatedDeclarations: false };
  // Below the examples, which depend on every package, and beside no file.
  const byFile = new Map(blocks.map((block, place) => [resolve(`examples/documentation/${place}.ts`), block]));
  const disk = ts.createCompilerHost(relaxed);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => byFile.has(file) || disk.fileExists(file),
    readFile: (file) => byFile.get(file)?.code ?? disk.readFile(file),
    getSourceFile(file, language, ...more) {
      const block = byFile.get(file);
      return block ? ts.createSourceFile(file, block.code, language) : disk.getSourceFile(file, language, ...more);
    },
  };

  const program = ts.createProgram({ rootNames: [...byFile.keys()], options: relaxed, host });
  for (const [file, block] of byFile) {
    const source = program.getSourceFile(file)!;
    for (const found of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      const { line } = source.getLineAndCharacterOfPosition(found.start ?? 0);
      const at = Math.max(block.line, block.line + line - block.lead);
      problems.push(`${block.page}:${at}: ${ts.flattenDiagnosticMessageText(found.messageText, "\n  ")}`);
    }
  }
}

/** Links within the repository lead to something that is there. */
function checkLinks(page: string): void {
  const text = readFileSync(page, "utf8");
  for (const { 1: target = "", 2: heading, index } of text.matchAll(/\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)/g)) {
    const path = target === "" ? page : join(dirname(page), decodeURIComponent(target));
    const isThere = existsSync(path) && (heading === undefined || headingsOf(path).has(heading));
    if (!isThere) problems.push(`${page}:${lineAt(text, index)}: there is no ${path}${heading ? `#${heading}` : ""}`);
  }
}

/** As links name them. */
function headingsOf(page: string): ReadonlySet<string> {
  const names = Array.from(readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return new Set(names);
}

/** typedoc asks for a comment on what a package exports only where it is told the package's name. */
function checkDocumented(): void {
  const asked = (JSON.parse(readFileSync("typedoc.json", "utf8")) as { packagesRequiringDocumentation: string[] })
    .packagesRequiringDocumentation;
  for (const file of globSync("packages/*/package.json")) {
    const { name } = JSON.parse(readFileSync(file, "utf8")) as { readonly name: string };
    if (!asked.includes(name)) problems.push(`typedoc.json: packagesRequiringDocumentation lacks ${name}`);
  }
}

/** Counted from 1. */
function lineAt(text: string, index: number): number {
  let line = 1;
  for (let place = text.indexOf("\n"); place !== -1 && place < index; place = text.indexOf("\n", place + 1)) line++;
  return line;
}
