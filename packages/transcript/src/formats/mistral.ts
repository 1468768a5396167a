import { mistral } from "@plugboard/openai/compatible";
import { chatCompletionsProtocol } from "@plugboard/openai/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Chat completions of Mistral: `{ messages, tools }`, or the list of messages. */
export const mistralChat: Format = /* @__PURE__ */ protocolFormat({
  name: "mistral",
  title: "Mistral chat",
  model: (id) => mistral(id),
  usualModel: "mistral-large-latest",
  protocol: /* @__PURE__ */ chatCompletionsProtocol({ manner: "mistral" }),
  list: "messages",
  members: ["tools"],
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "any",
    tools: "calls",
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
