import { bedrock } from "@plugboard/bedrock";
import { converseProtocol } from "@plugboard/bedrock/serve";
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
