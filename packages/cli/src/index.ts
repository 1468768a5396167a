export { modelNamed } from "./model-named.ts";
export { run } from "./run.ts";
export type { Terminal, Writing } from "./terminal.ts";
