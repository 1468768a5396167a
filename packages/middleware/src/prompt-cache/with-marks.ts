import type { Message, ModelRequest, Owned } from "@plugboard/core";
import { bytesOfPrompt } from "../budget/count-bytes.ts";
import { isMarked } from "./mark-form.ts";
import type { MarkForm, MarkTtl } from "./mark-form.ts";

/** What is marked. */
export interface MarkRules {
  readonly forms: readonly MarkForm[];
  readonly ttl: MarkTtl;
  readonly conversation: "continued" | "always" | "never";
}

/** Bytes of a token, at least, in most languages: a mark too many costs nothing, one too few the saving. */
const bytesPerToken = 3;
const bytesPerFile = 1500 * bytesPerToken;

/**
 * The request with marks at the end of its tools, of its first system messages, and of the conversation as it is and as it was when
 * the model last spoke: four at most, which is what providers take. One that has marks of its own is left as it is.
 */
export function withMarks(request: ModelRequest, { forms, ttl, conversation }: MarkRules): ModelRequest {
  const { messages, tools } = request;
  if (forms.length === 0 || hasMarks(request)) return request;
  const least = Math.min(...forms.map((form) => form.least)) * bytesPerToken;
  const beginning = messages.findIndex(({ role }) => role !== "system");
  const system = beginning < 0 ? messages : messages.slice(0, beginning);
  const ofTools = tools?.length ? bytesOfPrompt({ messages: [], tools }, 0) : 0;
  const ofSystem = bytesOfPrompt({ messages: system }, 0);
  const places = new Set<number>();
  if (ofTools + ofSystem >= least && system.length > 0) places.add(system.length - 1);
  if (goesOn(request, conversation) && bytesOfPrompt(request, bytesPerFile) >= least) {
    const spoken = messages.findLastIndex(({ role }) => role === "assistant");
    for (const place of [lastOf(messages, messages.length), lastOf(messages, spoken)]) {
      if (place >= 0) places.add(place);
    }
  }

  const onTools = ofTools >= least ? forms.filter((form) => form.tools) : [];
  if (places.size === 0 && onTools.length === 0) return request;
  return {
    ...request,
    messages: messages.map((message, place) => (places.has(place) ? marked(message, forms, ttl) : message)),
    ...(tools &&
      onTools.length > 0 && {
        tools: tools.map((tool, place) => (place === tools.length - 1 ? marked(tool, onTools, ttl) : tool)),
      }),
  };
}

/** Whether the next request is likely to begin with all of this one. */
function goesOn({ messages, tools }: ModelRequest, conversation: MarkRules["conversation"]): boolean {
  if (conversation !== "continued") return conversation === "always";
  return (tools?.length ?? 0) > 0 || messages.some(({ role }) => role === "assistant");
}

/** The last message before a place that has something in it and was not written by the model, whose words may be gone on with. */
function lastOf(messages: readonly Message[], before: number): number {
  for (let place = before - 1; place >= 0; place--) {
    const { role, content } = messages[place]!;
    if ((role === "user" || role === "tool") && !isBlank(content)) return place;
  }
  return -1;
}

function isBlank(content: Message["content"]): boolean {
  return typeof content === "string" ? content.trim() === "" : content.length === 0;
}

/** The same with a mark of each form, beside what else there is of its owners. */
function marked<Thing extends Owned>(thing: Thing, forms: readonly MarkForm[], ttl: MarkTtl): Thing {
  const own = thing.providerData;
  const marks = forms.map(({ owner, data }) => [owner, { ...own?.[owner], ...data(ttl) }] as const);
  return { ...thing, providerData: { ...own, ...Object.fromEntries(marks) } };
}

function hasMarks({ messages, tools = [] }: ModelRequest): boolean {
  return (
    tools.some(hasMark) ||
    messages.some(
      (message) => hasMark(message) || (typeof message.content !== "string" && message.content.some(hasMark)),
    )
  );
}

function hasMark({ providerData }: Owned): boolean {
  return isMarked(providerData);
}
