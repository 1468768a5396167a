import { openai } from "@plugboard/openai";
import { chatCompletionsProtocol } from "@plugboard/openai/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Chat completions of OpenAI, and of the many who speak it: `{ messages, tools }`, or the list of messages. */
export const openaiChat: Format = /* @__PURE__ */ protocolFormat({
  name: "openai-chat",
  title: "OpenAI chat completions",
  model: (id) => openai(id),
  usualModel: "gpt-4.1",
  protocol: /* @__PURE__ */ chatCompletionsProtocol(),
  list: "messages",
  members: ["tools"],
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "none",
    tools: "ids",
    isError: false,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "image-url", "pdf"],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
});
