import type { Holds } from "./format.ts";

/** All that a conversation has: what a format holds that leaves nothing out. Others say what they leave out of it. */
export const everything: Holds = {
  conversation: ["id", "title", "created", "model"],
  message: ["id", "created", "model"],
  system: "anywhere",
  reasoning: "any",
  tools: "ids",
  isError: true,
  jsonOutput: true,
  toolDefinitions: true,
  files: ["image", "image-url", "pdf"],
  filenames: ["image", "image-url", "pdf"],
  sources: true,
  citations: true,
  owners: "all",
};
