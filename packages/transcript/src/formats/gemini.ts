import { google } from "@plugboard/google";
import { generateContentProtocol } from "@plugboard/google/serve";
import { objectOf } from "@plugboard/wire";
import { mediaTypeOf } from "../media-type-of.ts";
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
  // Parts have no type: one of the system's that has no text is of a kind that is not known.
  isUnknown: (piece, refused) => refused === "text" && objectOf(piece)?.["text"] === undefined,
  // A file by its URL may come without its type, and others want one.
  readPart: (part) => {
    if (part.type !== "file" || part.mediaType !== "*/*" || !(part.data instanceof URL)) return part;
    return { ...part, mediaType: mediaTypeOf(part.data) ?? part.mediaType };
  },
  holds: {
    conversation: [],
    message: [],
    system: "first",
    reasoning: "own",
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
