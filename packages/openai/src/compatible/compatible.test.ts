import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { compatible } from "./compatible.ts";
import { groq } from "./groq.ts";
import type { EmbeddingFactory } from "./compatible-embedding.ts";
import type { RerankFactory } from "./compatible-rerank.ts";
import type { ChatFactory } from "./compatible.ts";
import * as vendors from "./index.ts";

/** A vendor as a newcomer would bring it; the README shows the same. */
const acme = compatible({
  provider: "acme",
  baseURL: "https://api.acme.example/v1",
  keyVariable: "ACME_API_KEY",
  maxTokens: "max_completion_tokens",
  efforts: ["low", "high"],
  output: "json_object",
  refuses: ["seed"],
});

/** Every factory of a vendor, by its name. */
const factories: Readonly<Record<string, ChatFactory | EmbeddingFactory | RerankFactory>> = Object.fromEntries(
  Object.entries(vendors).filter(
    (entry): entry is [string, ChatFactory | EmbeddingFactory | RerankFactory] => "dialect" in entry[1],
  ),
);

const chunks = [
  { model: "parrot-1", choices: [{ index: 0, delta: { content: "Hello, " } }] },
  { model: "parrot-1", choices: [{ index: 0, delta: { content: "Ada." } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
];

/** A server that streams two words, and what it was asked. */
async function acmeServer(): Promise<{
  readonly baseURL: string;
  readonly requests: readonly { readonly headers: IncomingMessage["headers"]; readonly body: unknown }[];
}> {
  const requests: { headers: IncomingMessage["headers"]; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      requests.push({ headers: request.headers, body: JSON.parse(body) });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

test("a newcomer's dialect is all that a vendor needs", async () => {
  const { baseURL, requests } = await acmeServer();
  const model = acme("parrot-1", { baseURL, apiKey: "acme-key" });
  const reply = await model.stream({
    messages: [{ role: "user", content: "Hello" }],
    maxOutputTokens: 9,
    reasoning: "minimal",
    seed: 1,
  });
  expect(await reply.result()).toMatchObject({
    model: "parrot-1",
    content: [{ type: "text", text: "Hello, Ada." }],
    finishReason: "stop",
    usage: { input: 3, output: 4 },
    warnings: [{ path: "reasoning" }, { path: "seed" }],
  });
  expect(requests).toMatchObject([
    {
      headers: { authorization: "Bearer acme-key", accept: "text/event-stream" },
      body: {
        model: "parrot-1",
        max_completion_tokens: 9,
        reasoning_effort: "low",
        stream: true,
        stream_options: { include_usage: true },
      },
    },
  ]);
});

test("a server without keys is sent none", async () => {
  const { baseURL, requests } = await acmeServer();
  await compatible({ provider: "local", baseURL })("any")
    .stream("Hello")
    .then((reply) => reply.text());
  expect(requests[0]!.headers).not.toHaveProperty("authorization");
});

test("a dialect of somebody else's is given think tags and gap marks from here", async () => {
  const bodies: unknown[] = [];
  const local = compatible({
    provider: "local",
    baseURL: "https://local.example/v1",
    thinkTags: vendors.thinkTags,
    completions: { form: vendors.gapMarks },
  });
  const answers = [
    { choices: [{ message: { content: "<think>Easy.</think>\n\nFour." }, finish_reason: "stop" }] },
    { choices: [{ text: "2", finish_reason: "stop" }] },
  ];
  const model = local("starcoder2", {
    fetch: async (_, init) => {
      bodies.push(JSON.parse(init?.body as string));
      return Response.json(answers[bodies.length - 1]);
    },
  });
  expect((await model.generate("2 + 2?")).content).toMatchObject([
    { type: "reasoning", text: "Easy." },
    { type: "text", text: "Four." },
  ]);
  await model.generate({ messages: [{ role: "user", content: "1 + " }], suffix: " = 3" });
  expect(bodies[1]).toMatchObject({ prompt: "<fim_prefix>1 + <fim_suffix> = 3<fim_middle>" });
});

test("a vendor can be made of another", () => {
  const mine = compatible({ ...groq.dialect, provider: "mine", baseURL: "https://mine.example/v1" });
  expect(mine("m")).toMatchObject({ provider: "mine", id: "m" });
});

test("every vendor has a name of its own, and an address that is safe", () => {
  const { codestral, mistralEmbedding, ...others } = factories; // other protocols of Mistral's
  for (const make of [codestral!, mistralEmbedding!]) expect(make("any").provider).toBe("mistral");
  const names = Object.values(others).map((vendor) => vendor("any").provider);
  expect(names.length).toBeGreaterThan(20);
  expect(new Set(names).size).toBe(names.length);
});

test("every vendor says what it is proven by, with what was read and when", () => {
  const unproven = Object.entries(factories).flatMap(([name, { dialect }]) => {
    const { by, source = "", date = "" } = dialect.provenBy ?? {};
    const proven = by !== undefined && source.startsWith("https://") && /^20\d\d-\d\d$/.test(date);
    return proven ? [] : [name];
  });
  expect(unproven).toStrictEqual([]);
});

test("every vendor that the project promises is there", () => {
  const promised = `groq deepseek xai openrouter together fireworks cerebras perplexity nvidia huggingFace textGenerationInference
    githubModels moonshot alibaba vllm sglang lmStudio llamaCpp jinaRerank voyageRerank textEmbeddingsInferenceRerank`;
  expect(promised.split(/\s+/).filter((name) => !(name in factories))).toStrictEqual([]);
});

test("a vendor is a file of at most twenty lines", async () => {
  const directory = new URL("./", import.meta.url);
  const names = (await readdir(directory)).filter((name) => !/^(compatible|index|.*\.test\.ts)/.test(name));
  const long = await Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(new URL(name, directory), "utf8")).trimEnd().split("\n").length;
      // Mistral's API is its own in more than a few places: docs/decisions/0012-mistral-is-a-dialect.md.
      return lines > 20 && name !== "mistral.ts" ? [`${name}: ${lines}`] : [];
    }),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(long.flat()).toStrictEqual([]);
});
