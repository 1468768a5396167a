export type { CohereOptions } from "./account.ts";
export { cohere, cohereEmbedding, cohereRerank } from "./cohere.ts";
