import type { WireName } from "../subject.ts";
import { chat } from "./chat.ts";
import { messages } from "./messages.ts";
import { responses } from "./responses.ts";
import type { Wire } from "./wire.ts";

export const wires: Readonly<Record<WireName, Wire>> = { chat, messages, responses };
