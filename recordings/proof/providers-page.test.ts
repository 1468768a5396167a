import { readFileSync } from "node:fs";
import * as anthropicPackage from "@plugboard/anthropic";
import * as bedrockPackage from "@plugboard/bedrock";
import * as coherePackage from "@plugboard/cohere";
import * as googlePackage from "@plugboard/google";
import * as ollamaPackage from "@plugboard/ollama";
import * as openaiPackage from "@plugboard/openai";
import * as compatiblePackage from "@plugboard/openai/compatible";
import * as responsesPackage from "@plugboard/openai/responses";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/guide/providers.md", import.meta.url), "utf8");

/** Makers of factories, and what dialects are made of, for vendors that are not there yet. */
const makers: ReadonlySet<string> = new Set([
  "compatible",
  "compatibleCompletion",
  "compatibleCounting",
  "exactCallId",
  "responsesFactory",
  "thinkTags",
]);

const exported = Object.entries({
  ...anthropicPackage,
  ...bedrockPackage,
  ...coherePackage,
  ...googlePackage,
  ...ollamaPackage,
  ...openaiPackage,
  ...compatiblePackage,
  ...responsesPackage,
}).filter(([name, value]) => typeof value === "function" && !makers.has(name));

test("the page of providers names every factory that the packages export", () => {
  expect(exported.length).toBeGreaterThan(40);
  expect(exported.map(([name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toStrictEqual([]);
});

test("the page of providers names the variable of every vendor's key", () => {
  const variables = exported.flatMap(([, value]) => {
    const { dialect } = value as { readonly dialect?: { readonly keyVariable?: string } };
    return dialect?.keyVariable ?? [];
  });
  expect(variables.length).toBeGreaterThan(15);
  expect(variables.filter((name) => !page.includes(`\`${name}\``))).toStrictEqual([]);
});
