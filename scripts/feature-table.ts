// Prints docs/features.md from what the adapters declare and what the tests pin: `node scripts/feature-table.ts`, and with `--check`
// fails when the page that is committed says otherwise.
import { readFileSync, writeFileSync } from "node:fs";
import {
  anthropicFeatures,
  azureAnthropicFeatures,
  bedrockAnthropicFeatures,
  vertexAnthropicFeatures,
} from "../packages/anthropic/src/features.ts";
import { bedrockFeatures } from "../packages/bedrock/src/features.ts";
import { cohereFeatures } from "../packages/cohere/src/features.ts";
import { googleFeatures, vertexFeatures } from "../packages/google/src/features.ts";
import { ollamaFeatures } from "../packages/ollama/src/features.ts";
import {
  azureFeatures,
  azureFoundryFeatures,
  azureResponsesFeatures,
  compatibleFeatures,
  openaiFeatures,
  openaiResponsesFeatures,
  xaiResponsesFeatures,
} from "../packages/openai/src/features.ts";
import type { ProviderFeatures } from "../packages/testing/src/provider-features.ts";
import { classIn, outputClasses, toolClasses } from "../recordings/proof/schema-classes.ts";
import type { SchemaClasses } from "../recordings/proof/schema-classes.ts";
import { schemaFeatures } from "../recordings/proof/schema-features.ts";

const page = "docs/features.md";

/** By the name that an application imports. */
const providers: Readonly<Record<string, ProviderFeatures>> = {
  openai: openaiFeatures,
  azure: azureFeatures,
  azureFoundry: azureFoundryFeatures,
  openaiResponses: openaiResponsesFeatures,
  azureResponses: azureResponsesFeatures,
  xaiResponses: xaiResponsesFeatures,
  anthropic: anthropicFeatures,
  azureAnthropic: azureAnthropicFeatures,
  bedrockAnthropic: bedrockAnthropicFeatures,
  vertexAnthropic: vertexAnthropicFeatures,
  google: googleFeatures,
  vertex: vertexFeatures,
  cohere: cohereFeatures,
  bedrock: bedrockFeatures,
  ollama: ollamaFeatures,
  mistral: compatibleFeatures["mistral"]!,
};
const { mistral: _, ...dialects } = compatibleFeatures; // it stands among the providers

const rows: readonly (readonly [string, (features: ProviderFeatures) => string])[] = [
  ["protocol", ({ protocol }) => protocol],
  ["proven by", ({ provenBy }) => provenBy],
  ["streaming", ({ streaming }) => mark(streaming)],
  ["tools", ({ tools }) => mark(tools)],
  ["parallel tools", ({ parallelTools }) => mark(parallelTools)],
  ["tool choice", ({ toolChoice }) => choices(toolChoice)],
  ["JSON output", ({ output }) => output],
  ["reasoning", ({ reasoning }) => mark(reasoning)],
  ["images", ({ images }) => mark(images)],
  ["PDFs", ({ pdfs }) => mark(pdfs)],
  ["audio", ({ audio }) => mark(audio)],
  ["suffix", ({ suffix }) => mark(suffix)],
  ["seed", ({ settings }) => mark(settings.includes("seed"))],
  ["stop sequences", ({ settings }) => mark(settings.includes("stop"))],
  ["temperature, top p", ({ settings }) => mark(settings.includes("temperature") && settings.includes("topP"))],
  ["top k", ({ settings }) => mark(settings.includes("topK"))],
  ["penalties", ({ settings }) => mark(settings.includes("presencePenalty"))],
  [
    "prompt caching",
    ({ promptCaching }) =>
      typeof promptCaching === "object" ? "marks" : promptCaching === "none" ? "–" : promptCaching,
  ],
  ["citations", ({ citations }) => mark(citations)],
  ["provider tools", ({ providerTools }) => mark(providerTools.length > 0)],
  ["embeddings", ({ embeddings }) => mark(embeddings)],
  ["rerank", ({ rerank }) => mark(rerank)],
  ["token counting", ({ tokenCounting }) => mark(tokenCounting)],
];

const text = `<!-- Printed by scripts/feature-table.ts from what the adapters declare; \`pnpm features\` prints it anew. -->

# Features

What each adapter declares, held against what it would send by \`testProvider\`: what is declared here goes to the provider; what is not gives
a warning with its path, or the request is rejected with \`unsupported\`. It is never silently lost. Families of models differ: the table says what
some model of the provider can.

## Providers

${table(
  ["", ...Object.keys(providers).map(code)],
  rows.map(([name, say]) => [name].concat(Object.values(providers).map(say))),
)}

## OpenAI-compatible vendors

From \`@plugboard/openai/compatible\`. All stream. \`proven by\`: \`recordings\`, real traffic of the vendor is replayed in the tests;
\`documentation\`, its documentation was read; \`nothing\`, the dialect is a guess.

${table(
  [
    "",
    "proven by",
    "tools",
    "JSON output",
    "reasoning",
    "images",
    "PDFs",
    "audio",
    "suffix",
    "seed",
    "stop",
    "embeddings",
    "rerank",
    "counting",
  ],
  Object.entries(dialects).map(([name, features]) => [
    code(name),
    features.provenBy,
    mark(features.tools),
    features.output,
    mark(features.reasoning),
    mark(features.images),
    mark(features.pdfs),
    mark(features.audio),
    mark(features.suffix),
    mark(features.settings.includes("seed")),
    mark(features.settings.includes("stop")),
    mark(features.embeddings),
    mark(features.rerank),
    mark(features.tokenCounting),
  ]),
)}

## Schemas of answers

How an answer in JSON is asked for, by what its schema says. Answers are always checked against the schema as it was written.

- \`native\`: the provider is given the schema in its own form.
- \`narrowed\`: in its form it says less, and every answer that comes fits.
- \`described\`: it is held to all but some keywords, which stand in descriptions.
- \`loose\`: it is given the schema, and does not hold the model to all of it.
- \`tool\`: a tool whose input is the answer stands for it.
- \`words\`: an instruction tells of it.
- \`refused\`: it is not sent; of tools, none is.

All but the first two are said in a warning.

${schemaTable(outputClasses, () => true)}

## Schemas of strict tools

${schemaTable(toolClasses, (name) => schemaFeatures[name]!.schema["type"] === "object")}
`;

if (process.argv.includes("--check")) {
  if (readFileSync(page, "utf8") !== text) {
    console.error(`${page} is not what the adapters declare; print it anew with \`pnpm features\`.`);
    process.exitCode = 1;
  }
} else writeFileSync(page, text);

function schemaTable(columns: Readonly<Record<string, SchemaClasses>>, has: (feature: string) => boolean): string {
  const features = Object.keys(schemaFeatures).filter(has);
  const lines = features.map((name) => [name].concat(Object.values(columns).map((classes) => classIn(classes, name))));
  return table(["", ...Object.keys(columns)], lines);
}

/** A table whose columns are as wide as their longest cell, as the formatter wants it. */
function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...lines.map((line) => line[column]!.length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [row(head), row(widths.map((width) => "-".repeat(width))), ...lines.map(row)].join("\n");
}

function mark(has: boolean): string {
  return has ? "yes" : "–";
}

function choices(names: readonly string[]): string {
  if (names.length === 0) return "–";
  return names.length === 3 ? "all" : names.join(", ");
}

function code(name: string): string {
  return `\`${name}\``;
}
