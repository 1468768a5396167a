import { chatCompletions } from "./protocols/chat-completions.ts";
import { generateContent } from "./protocols/generate-content.ts";
import { messages } from "./protocols/messages.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { responses } from "./protocols/responses.ts";

/** Those that every fault is done to. */
export const protocols: readonly Protocol[] = [chatCompletions, responses, messages, generateContent];
