export { bedrock } from "./bedrock.ts";
export type { BedrockOptions } from "./bedrock.ts";
export type { AwsCredentials } from "@plugboard/wire/aws";
