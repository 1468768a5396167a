import { bedrock } from "@plugboard/bedrock";
import { converseProtocol } from "@plugboard/bedrock/serve";
import { objectOf } from "@plugboard/wire";
import type { Format } from "../format.ts";
import { protocolFormat } from "./protocol-format.ts";

/** Converse of Amazon Bedrock: `{ system, messages, toolConfig }`, or the list of messages. */
export const bedrockConverse: Format = /* @__PURE__ */ protocolFormat({
  name: "bedrock",
  title: "Bedrock Converse",
  // A plan is sent nowhere, so any region will do.
  model: (id) => bedrock(id, { region: "us-east-1" }),
  usualModel: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  protocol: /* @__PURE__ */ converseProtocol(),
  list: "messages",
  members: ["system", "toolConfig"],
  toolMember: "toolConfig",
  isUnknown: (piece) => !Object.keys(objectOf(piece) ?? {}).some((name) => kinds.has(name)),
  holds: {
    conversation: [],
    message: [],
    system: "first",
    reasoning: "own",
    tools: "ids",
    isError: true,
    jsonOutput: false,
    toolDefinitions: true,
    files: ["image", "pdf"],
    filenames: [],
    sources: false,
    citations: false,
    owners: ["bedrock", "anthropic"],
  },
});

/** Blocks have no type: the one member that they have tells what they are. */
const kinds: ReadonlySet<string> = new Set([
  "text",
  "image",
  "document",
  "video",
  "audio",
  "toolUse",
  "toolResult",
  "guardContent",
  "cachePoint",
  "reasoningContent",
  "citationsContent",
  "searchResult",
  "toolSpec",
  "systemTool",
  "role",
]);
