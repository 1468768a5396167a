// The AI SDK, LangChain.js and MCP over models of Plugboard, and a provider of the AI SDK as one of them. Nothing here needs a key.
import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { tool } from "@langchain/core/tools";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { openai } from "@plugboard/openai";
import { simulate } from "@plugboard/testing";
import { fromAiSdk, toAiSdk } from "@plugboard/wrap/ai-sdk";
import { toLangChain } from "@plugboard/wrap/langchain";
import { mcpTools } from "@plugboard/wrap/mcp";
import { generateText } from "ai";
import { fallback, runTools } from "plugboard";
import { z } from "zod";

// A server on this machine stands for OpenAI: one of its models is overloaded, the other calls `add` when it can.
await using simulator = await simulate({
  models: {
    "gpt-4o": { answer: "Hello.", fault: { type: "error", code: "overloaded", at: "headers" } },
    "gpt-4o-mini": {
      answer: ({ tools, messages }) =>
        tools && messages.at(-1)?.role === "user"
          ? { toolCalls: [{ name: "add", input: { a: 2, b: 3 } }] }
          : { text: "Five." },
    },
  },
});
const address = { baseURL: `${simulator.url}/v1`, apiKey: "any" };
const mini = openai("gpt-4o-mini", address);

console.log("1. A provider of the AI SDK first, our adapter when it fails, both behind generateText.");
const models = fallback([fromAiSdk(createOpenAI(address).chat("gpt-4o")), mini]);
const { text, providerMetadata } = await generateText({ model: toAiSdk(models), prompt: "2 + 3?" });
assert.equal(text, "Five.");
assert.partialDeepStrictEqual(providerMetadata?.["plugboard"], {
  attempts: [{ model: "gpt-4o", outcome: "failed", error: "overloaded" }, { model: "gpt-4o-mini" }],
});

console.log("2. The same model as a chat model of LangChain, with a tool of LangChain's.");
const sum = tool(({ a, b }) => String(a + b), { name: "add", schema: z.object({ a: z.number(), b: z.number() }) });
const message = await toLangChain(mini).bindTools([sum]).invoke("2 + 3?");
assert.partialDeepStrictEqual(message.tool_calls, [{ name: "add", args: { a: 2, b: 3 } }]);

console.log("3. A tool of an MCP server, run for it.");
const server = new McpServer({ name: "sums", version: "1.0.0" });
server.registerTool("add", { inputSchema: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => ({
  content: [{ type: "text", text: String(a + b) }],
}));
const client = new Client({ name: "example", version: "1.0.0" });
const [here, there] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(there), client.connect(here)]);
const { tools } = await mcpTools(client);
const reply = await runTools(mini, { messages: [{ role: "user", content: "2 + 3?" }], tools });
const { content } = await reply.result();
assert.partialDeepStrictEqual(content.at(1), { type: "tool-result", name: "add", output: "5" });
assert.partialDeepStrictEqual(content.at(-1), { type: "text", text: "Five." });
