export { bedrock, bedrockEmbedding, bedrockRerank } from "./bedrock.ts";
export type { BedrockOptions } from "./bedrock-options.ts";
export type { AwsCredentials } from "@plugboard/wire/aws";
