export { bedrockFailures } from "./bedrock-failures.ts";
export { exceptionFailure } from "./exception-failure.ts";
export { bedrockRuntime } from "./bedrock-runtime.ts";
export type { BedrockAccess, BedrockRuntime } from "./bedrock-runtime.ts";
export type { AwsCredentials, CredentialOptions } from "./credentials.ts";
export { eventFrame } from "./event-frame.ts";
export { encodeSegment } from "./sign-request.ts";
