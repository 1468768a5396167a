import { anthropic } from "@plugboard/anthropic";
import { messagesProtocol } from "@plugboard/anthropic/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Messages of Anthropic: `{ system, messages, tools }`, or the list of messages. */
export const anthropicMessages: Format = /* @__PURE__ */ protocolFormat({
  name: "anthropic",
  title: "Anthropic messages",
  model: (id) => anthropic(id),
  usualModel: "claude-sonnet-4-5",
  protocol: /* @__PURE__ */ messagesProtocol(),
  list: "messages",
  members: ["system", "tools"],
  filling: { max_tokens: 1 },
  holds: {
    conversation: [],
    message: [],
    system: "first",
    reasoning: "own",
    tools: "ids",
    isError: true,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "image-url", "pdf"],
    filenames: [],
    sources: false,
    citations: false,
    owners: ["anthropic"],
  },
});
