export { cohere } from "./cohere.ts";
export type { CohereOptions } from "./cohere.ts";
