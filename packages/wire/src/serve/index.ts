export type { AskedWhole, ServedWhole } from "./served-whole.ts";
export { errorAnswer, serveCall } from "./serve-call.ts";
export type { ServedCall } from "./serve-call.ts";
export { serveWhole } from "./serve-whole.ts";
export type { WholeCall } from "./serve-whole.ts";
export { toResponse } from "./served-answer.ts";
export type { ServedAnswer, ServedStream } from "./served-answer.ts";
export { warningHeader } from "./warning-header.ts";
