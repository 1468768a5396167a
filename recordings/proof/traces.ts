import type { AssistantPart, Json, ToolResultPart } from "@plugboard/core";

/** The texts in a body, at any depth; those that are JSON themselves are looked into. */
export function textsIn(value: unknown, found: string[] = []): string[] {
  if (typeof value === "string") {
    found.push(value);
    textsIn(jsonIn(value), found);
  } else if (typeof value === "number") found.push(String(value));
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (/^[a-z]/i.test(key)) found.push(key);
      textsIn(member, found);
    }
  }
  return found;
}

function jsonIn(text: string): Json | undefined {
  if (!/^[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** By what a part is known again in a body; nothing where it has nothing to say. */
export function tracesOf(part: AssistantPart): readonly string[] {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text.trim() === "" ? [] : [part.text.trim()];
    case "tool-call":
      return leavesOf(part.input).length > 0 ? leavesOf(part.input) : [part.name];
    case "tool-result":
      return outputLeaves(part).slice(0, 3);
    case "file":
      return part.data instanceof URL ? [part.data.href] : [Buffer.from(part.data).toString("base64")];
    case "source":
      return [part.url, part.title].filter((text) => text !== undefined);
    default:
      return secretsOf(part);
  }
}

function outputLeaves({ output }: ToolResultPart): string[] {
  if (typeof output === "string") return leavesOf(output);
  return output.flatMap((piece) => leavesOf("value" in piece ? piece.value : "text" in piece ? piece.text : ""));
}

/** Whether a text is in a body: as it is, written within JSON, in base64 or out of it. */
export function stands(text: string, texts: readonly string[]): boolean {
  const forms = [text, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString("base64"), outOfBase64(text)];
  return texts.some((each) => forms.some((form) => each.includes(form)));
}

function outOfBase64(text: string): string {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes.toString() : text;
}

/** What a provider gave with a part, to be handed back to it and nobody else: long enough to be known again, and nowhere else in the part. */
export function secretsOf({ providerData = {}, ...part }: AssistantPart): string[] {
  const open = JSON.stringify(part);
  return leavesOf(providerData as Json).filter((text) => text.length >= 16 && !/\s/.test(text) && !open.includes(text));
}

const sealed = /signature|encrypted|redacted|^data$/i;

/** Signatures and encrypted thoughts: what a provider wants back just as it was. */
export function sealsOf(part: AssistantPart): string[] {
  const seals: string[] = [];
  JSON.stringify(part.providerData ?? {}, (key, value: unknown) => {
    if (sealed.test(key) && typeof value === "string" && value !== "") seals.push(value);
    return value;
  });
  return seals;
}

function leavesOf(value: Json | undefined): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((member) => leavesOf(member as Json))
    : [];
}
