import { cohere } from "@plugboard/cohere";
import { chatProtocol } from "@plugboard/cohere/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Chat of Cohere, version 2: `{ messages, documents, tools }`, or the list of messages. */
export const cohereChat: Format = /* @__PURE__ */ protocolFormat({
  name: "cohere",
  title: "Cohere chat",
  model: (id) => cohere(id),
  usualModel: "command-a-reasoning-08-2025",
  protocol: /* @__PURE__ */ chatProtocol(),
  list: "messages",
  members: ["documents", "tools"],
  // The plan of a turn is text beside its calls, and is written so again.
  readPart: (part) => {
    const plan =
      part.type === "opaque" && part.kind === "tool_plan" ? part.providerData["cohere"]?.["tool_plan"] : undefined;
    return typeof plan === "string" ? { type: "text", text: plan } : part;
  },
  holds: {
    conversation: [],
    message: [],
    system: "anywhere",
    reasoning: "unsigned",
    tools: "ids",
    isError: false,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "image-url"],
    filenames: [],
    sources: false,
    citations: false,
    owners: ["cohere"],
  },
});
