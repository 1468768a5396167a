import { google } from "@plugboard/google";
import { generateContentProtocol } from "@plugboard/google/serve";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Contents of Gemini and of Vertex AI: `{ systemInstruction, contents, tools }`, or the list of contents. */
export const geminiContents: Format = /* @__PURE__ */ protocolFormat({
  name: "gemini",
  title: "Gemini contents",
  model: (id) => google(id),
  usualModel: "gemini-2.5-flash",
  protocol: /* @__PURE__ */ generateContentProtocol(),
  list: "contents",
  members: ["systemInstruction", "tools"],
  holds: {
    conversation: [],
    message: [],
    system: "first",
    reasoning: "any",
    tools: "calls",
    isError: true,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "image-url", "pdf"],
    filenames: [],
    sources: false,
    citations: false,
    owners: ["google"],
  },
});
