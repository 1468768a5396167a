export { anthropic } from "./anthropic.ts";
export type { AnthropicOptions } from "./anthropic.ts";
export type { AnthropicVersion } from "./messages/dialect.ts";
