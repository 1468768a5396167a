export { readMessages } from "./read-message.ts";
export { writeMessages } from "./write-message.ts";
