import type { Json, JsonObject } from "@plugboard/core";
import { parseDuration } from "./retry-after.ts";

/** What an error body says, whatever its shape. */
export interface ErrorFacts {
  /** The sentence for a person. */
  readonly message: string | undefined;
  /** All that was said, for patterns. */
  readonly text: string;
  /** Codes and types, in lower case, from everywhere in the body. */
  readonly types: readonly string[];
  /** The HTTP status that the body itself names. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Milliseconds to wait, where the body tells. */
  readonly retryAfter: number | undefined;
}

/** Bodies are `{error: {…}}`, `{error: "…"}`, `{message}`, `{detail}`, `[{error}]`, JSON inside a message, HTML or plain text. */
export function errorFacts(body: Json, headers: Readonly<Record<string, string>> = {}): ErrorFacts {
  const found: Found = { messages: [], types: [], status: undefined, requestId: undefined, retryAfter: undefined };
  const awsType = headers["x-amzn-errortype"]?.split(":", 1)[0];
  if (awsType) found.types.push(awsType.toLowerCase());

  const parsed = typeof body === "string" ? parsedOrText(body) : body;
  if (typeof parsed === "string") found.messages.push(readable(parsed));
  else walk(parsed, found, 0);

  const messages = found.messages.filter((message) => message !== "");
  return { ...found, message: messages[0], text: messages.join("\n") };
}

interface Found {
  readonly messages: string[];
  readonly types: string[];
  status: number | undefined;
  requestId: string | undefined;
  retryAfter: number | undefined;
}

const deepest = 6;
const typeKeys: ReadonlySet<string> = new Set([
  "code",
  "type",
  "status",
  "error_type",
  "error_code",
  "reason",
  "__type",
]);
const messageKeys: ReadonlySet<string> = new Set(["message", "error", "detail", "msg", "raw", "error_message"]);
const statusKeys: ReadonlySet<string> = new Set(["status_code", "code", "status", "raw_status_code"]);

function walk(value: Json, found: Found, depth: number): void {
  if (depth > deepest || typeof value !== "object" || value === null) return;
  if (isArray(value)) {
    for (const member of value.slice(0, 20)) walk(member, found, depth + 1);
    return;
  }
  for (const [key, member] of Object.entries(value)) note(key, member, found);
  // What stands nearer to the top speaks first.
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === "object") walk(member, found, depth + 1);
    else if (typeof member === "string" && messageKeys.has(key)) {
      const inner = parsedOrText(member);
      if (typeof inner === "object") walk(inner, found, depth + 1);
    }
  }
}

function note(key: string, value: Json | undefined, found: Found): void {
  if (typeof value === "string" && messageKeys.has(key)) {
    const inner = parsedOrText(value);
    if (typeof inner === "string") found.messages.push(inner);
  }
  if (typeof value === "string" && typeKeys.has(key)) found.types.push(value.toLowerCase());
  if (statusKeys.has(key)) {
    const status = Number(value);
    if (status >= 400 && status < 600) found.status ??= status;
  }
  if (key === "request_id" && typeof value === "string") found.requestId ??= value;
  // google.rpc.RetryInfo
  if (key === "retryDelay" && typeof value === "string") found.retryAfter ??= parseDuration(value);
}

/** JSON if it is an object or a list; otherwise the text. */
function parsedOrText(text: string): Json {
  const start = text.trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return text;
  try {
    return JSON.parse(start) as JsonObject | readonly Json[];
  } catch {
    return text;
  }
}

/** Of an HTML page its text, in one line. */
function readable(text: string): string {
  if (!/^\s*<(!doctype|html|head|body)/i.test(text)) return text.trim();
  return text
    .replaceAll(/<(script|style)\b[^>]*>[^<]*<\/\1>/gi, " ")
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
