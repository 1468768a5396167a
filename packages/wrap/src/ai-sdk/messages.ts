export { readContent, writeContent } from "./content.ts";
export { readPrompt } from "./read-prompt.ts";
export { writePrompt } from "./write-prompt.ts";
