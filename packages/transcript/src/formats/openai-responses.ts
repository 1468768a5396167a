import { openaiResponses } from "@plugboard/openai/responses";
import { responsesProtocol } from "@plugboard/openai/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Responses of OpenAI: `{ input, instructions, tools }`, or the list of input items. */
export const openaiResponsesItems: Format = /* @__PURE__ */ protocolFormat({
  name: "openai-responses",
  title: "OpenAI responses",
  model: (id) => openaiResponses(id),
  usualModel: "gpt-5.2",
  protocol: /* @__PURE__ */ responsesProtocol(),
  list: "input",
  members: ["instructions", "tools"],
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "own",
    tools: "ids",
    isError: false,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "image-url", "pdf"],
    filenames: [],
    sources: false,
    citations: false,
    owners: ["openai"],
  },
});
