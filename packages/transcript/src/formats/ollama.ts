import { ollama } from "@plugboard/ollama";
import { chatProtocol } from "@plugboard/ollama/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Chat of Ollama: `{ messages, tools }`, or the list of messages. */
export const ollamaChat: Format = /* @__PURE__ */ protocolFormat({
  name: "ollama",
  title: "Ollama chat",
  model: (id) => ollama(id),
  usualModel: "qwen3",
  protocol: /* @__PURE__ */ chatProtocol(),
  list: "messages",
  members: ["tools"],
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "any",
    tools: "ids",
    isError: false,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image"],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
});
