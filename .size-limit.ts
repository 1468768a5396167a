// What each package weighs by itself, minified and compressed. `plugboard` weighs all that it re-exports.
const limits: Readonly<Record<string, string>> = {
  core: "16 kB",
  "core/store": "2 kB",
  wire: "19 kB", // what the adapters share: each of them is lighter by it
  "wire/serve": "3 kB",
  "wire/aws": "6 kB",
  "transport-undici": "2 kB",
  openai: "14 kB",
  "openai/compatible": "15 kB",
  "openai/responses": "14 kB",
  anthropic: "12 kB",
  google: "14 kB",
  cohere: "10 kB",
  gateway: "14 kB",
  "gateway/config": "72 kB", // yaml and zod are fifty of it
  ollama: "8 kB",
  bedrock: "12 kB",
  cli: "16 kB",
  middleware: "32 kB",
  "store-sqlite": "8 kB",
  routing: "20 kB",
  "routing/quality": "11 kB",
  "routing/simulate": "16 kB", // with what quality learns by
  "routing/tiers": "40 kB", // zod is most of it
  statistics: "10 kB",
  evaluation: "48 kB", // csv-parse is a quarter of it
  "evaluation/live": "10 kB",
  "evaluation/feature": "10 kB", // an application loads it: no reader of datasets, no report; its traffic is the most of it
  "evaluation/vitest": "14 kB",
  "store-redis": "8 kB",
  catalog: "40 kB",
  "catalog/refresh": "6 kB",
  wrap: "4 kB",
  transcript: "32 kB",
  "transcript/langchain": "6 kB",
  "transcript/sqlite": "2 kB",
  plugboard: "80 kB",
  "wrap/ai-sdk": "10 kB",
  "wrap/langchain": "10 kB",
  "wrap/mcp": "3 kB",
};

interface Check {
  readonly name: string;
  readonly path: string;
  readonly limit: string;
  readonly ignore: readonly string[];
  readonly modifyRolldownConfig: (config: object) => object;
}

const checks: readonly Check[] = Object.entries(limits).map(([name, limit]) => {
  const [directory, subpath] = name.split("/");
  return {
    name,
    path: `packages/${directory}/dist/${subpath === undefined ? "" : `${subpath}/`}index.js`,
    limit,
    ignore:
      name === "plugboard" ? [] : ["@plugboard", "@langchain", "@modelcontextprotocol", "redis", "undici", "echarts"], // what others made weighs what it weighs
    modifyRolldownConfig: (config) => ({ ...config, platform: "node" }), // node:http and the like weigh nothing
  };
});
export default checks;
