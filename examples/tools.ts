// Tools: typed, run side by side, and asked about before they do anything. With ANTHROPIC_API_KEY set it asks Claude.
import assert from "node:assert/strict";
import { anthropic } from "@plugboard/anthropic";
import { simulate } from "@plugboard/testing";
import type { SimulatedModel } from "@plugboard/testing";
import { defineTool, messagesOf, runTools, textOf } from "plugboard";
import type { Message } from "plugboard";
import { z } from "zod";

const live = Boolean(process.env["ANTHROPIC_API_KEY"]);
console.log(live ? "Asking Anthropic." : "No key: asking a simulator that calls both tools, then answers.");
const clerk: SimulatedModel = {
  answer: (_, { call }) =>
    call > 0
      ? { text: "Order 7 has shipped. The refund was not approved." }
      : {
          toolCalls: [
            { name: "order_status", input: { order: 7 } },
            { name: "refund", input: { order: 7, dollars: 90 } },
          ],
        },
};
await using simulator = await simulate({ models: { "claude-haiku-4-5": clerk } });
const model = anthropic("claude-haiku-4-5", live ? {} : { baseURL: simulator.url, apiKey: "any" });

const ran: string[] = [];
const status = defineTool({
  name: "order_status",
  description: "Where an order is.",
  input: z.object({ order: z.number() }),
  needsApproval: false,
  execute: ({ order }) => {
    ran.push("order_status");
    return { order, state: "shipped" };
  },
});
const refund = defineTool({
  name: "refund",
  description: "Pays an order back.",
  input: z.object({ order: z.number(), dollars: z.number().positive() }),
  needsApproval: ({ dollars }) => dollars > 50,
  execute: ({ order, dollars }) => {
    ran.push("refund");
    return `Paid ${dollars} dollars for order ${order}.`;
  },
});

const messages: Message[] = [{ role: "user", content: "Where is order 7? And refund me 90 dollars for it." }];
const approve = ({ name, input }: { readonly name: string; readonly input: unknown }): boolean => {
  console.log(` may ${name} run with ${JSON.stringify(input)}? no.`);
  return false;
};
const reply = await runTools(model, { messages, tools: [status, refund], approve });
const result = await reply.result();
console.log(` ran: ${ran.join(", ")}; answer: ${textOf(result)}`);

assert.ok(!ran.includes("refund"));
assert.ok(messagesOf(result).some(({ role }) => role === "tool")); // the turns to go on with
if (!live) assert.deepEqual(ran, ["order_status"]);
