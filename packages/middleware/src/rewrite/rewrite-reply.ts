import { ModelError, ModelReply } from "@plugboard/core";
import type { AssistantPart, EventOf, ModelEvent, ModelResult, Notice, ReplySource } from "@plugboard/core";
import { mapData, mapPart, withText } from "./map-strings.ts";
import type { PartRules } from "./map-strings.ts";
import { TextFilter, filterText } from "./text-filter.ts";
import type { TextRule } from "./text-rule.ts";

/** How the texts of an answer are changed. */
export interface RewriteRules {
  /** Looked for in text and thoughts, as they come. */
  readonly text: readonly TextRule[];
  /** Looked for in values: what a tool is called with, what it gave back, sources. @default those for text */
  readonly values?: readonly TextRule[];
  /** Whether to keep what the provider wants handed back with a text that has changed. */
  readonly keepsData: boolean;
}

/** How an answer is rewritten. */
export interface RewriteReplyOptions {
  /** Whether anyone reads the deltas. */
  readonly isStreamed: boolean;
  readonly rules: RewriteRules;
  /** For what a failure tells of the answer. @default the same */
  readonly onFailure?: RewriteRules;
}

type Give = Parameters<NonNullable<ReplySource["take"]>>[0];
type Refuse = Parameters<NonNullable<ReplySource["take"]>>[1];

const isFinish = (event: ModelEvent): boolean => event.type === "finish";

/**
 * An answer with its texts changed on the way. It is a reply of its own: what it has said, also where it broke off, is what came of the
 * changes. Text and thoughts come as they can be told; what a tool is called with comes once it is whole, so that it can be read.
 *
 * @throws {ModelError} what the answer, or a rule, failed with before its first content
 */
export function rewriteReply(
  reply: ModelReply,
  { isStreamed, rules, onFailure = rules }: RewriteReplyOptions,
): Promise<ModelReply> {
  const source = new RewrittenSource(reply, rules, onFailure);
  return isStreamed ? ModelReply.open(source) : ModelReply.open(source, isFinish);
}

class RewrittenSource implements ReplySource {
  readonly #reply: ModelReply;
  readonly #rules: RewriteRules;
  readonly #onFailure: RewriteRules;
  readonly #parts: PartRules;
  readonly #filters = new Map<number, TextFilter>();
  /** Calls of tools of which the beginning was told. */
  readonly #calls = new Set<number>();
  #changed = false;

  constructor(reply: ModelReply, rules: RewriteRules, onFailure: RewriteRules) {
    this.#reply = reply;
    this.#onFailure = onFailure;
    this.#rules = rules;
    this.#parts = partRules(rules);
  }

  pull(): Promise<readonly ModelEvent[] | undefined> {
    return new Promise((resolve, reject) => this.take(resolve, reject));
  }

  take(give: Give, fail: Refuse): void {
    const arrived: Give = (events) => {
      let changed: readonly ModelEvent[] | undefined;
      try {
        changed = events && this.#change(events);
      } catch (error) {
        this.#reply.cancel();
        return fail(error);
      }
      give(changed);
    };
    const broke: Refuse = (error) => fail(rewriteError(error, this.#onFailure));
    // A reply of an older copy of core has no `take`.
    if (this.#reply.take) this.#reply.take(arrived, broke);
    else this.#reply.pull().then(arrived, broke);
  }

  cancel(): void {
    this.#reply.cancel();
  }

  #change(events: readonly ModelEvent[]): readonly ModelEvent[] {
    const changed: ModelEvent[] = [];
    for (const event of events) {
      switch (event.type) {
        case "text-delta":
        case "reasoning-delta": {
          let filter = this.#filters.get(event.index);
          if (!filter) this.#filters.set(event.index, (filter = new TextFilter(this.#rules.text)));
          const text = filter.push(event.text);
          if (text !== "") changed.push({ ...event, text });
          break;
        }
        case "tool-call-start":
          this.#calls.add(event.index);
          changed.push(event);
          break;
        case "tool-call-delta":
          break;
        case "part":
          this.#changePart(event, changed);
          break;
        case "finish":
          changed.push(this.#changeFinish(event));
          break;
        default:
          changed.push(event);
      }
    }
    return changed;
  }

  #changePart(event: EventOf<"part">, changed: ModelEvent[]): void {
    const { index, part } = event;
    const filter = this.#filters.get(index);
    let other: AssistantPart;
    if (part.type !== "text" && part.type !== "reasoning") {
      other = mapPart(part, this.#parts);
      if (other.type === "tool-call" && this.#calls.has(index)) {
        changed.push({ type: "tool-call-delta", index, text: other.raw ?? JSON.stringify(other.input) });
      }
    } else if (filter) {
      this.#filters.delete(index);
      const rest = filter.end();
      if (rest !== "") changed.push({ type: `${part.type}-delta`, index, text: rest });
      other = withText(part, filter.total, this.#parts);
    } else other = withText(part, filterText(part.text, this.#rules.text), this.#parts);
    if (other !== part) this.#changed = true;
    changed.push(other === part ? event : { ...event, part: other });
  }

  /** Among what a provider tells at the end may be the answer once more, a token at a time. */
  #changeFinish(event: EventOf<"finish">): EventOf<"finish"> {
    if (!event.providerData || this.#rules.keepsData) return event;
    const { providerData, ...rest } = event;
    const other = mapData(providerData, this.#parts.map);
    return this.#changed || other !== providerData ? rest : event;
  }
}

function partRules({ text, values = text, keepsData }: RewriteRules): PartRules {
  return { map: (value) => filterText(value, values), keepsData };
}

/** What was said of an answer that broke off, without what might be the beginning of a match. */
function rewritePartial(partial: ModelResult, rules: RewriteRules): ModelResult {
  const parts = partRules(rules);
  try {
    const content = partial.content.map((part) =>
      part.type === "text" || part.type === "reasoning"
        ? withText(part, new TextFilter(rules.text).push(part.text), parts)
        : mapPart(part, parts),
    );
    return { ...partial, content };
  } catch {
    return { ...partial, content: [] }; // a rule says that none of it may be told
  }
}

/** Changes what a failure, and those behind it, tell of answers. */
export function rewriteError(error: unknown, rules: RewriteRules, depth = 0): unknown {
  if (depth > 8 || typeof error !== "object" || error === null) return error;
  if (error instanceof ModelError && error.partial) error.partial = rewritePartial(error.partial, rules);
  if ("cause" in error) rewriteError(error.cause, rules, depth + 1);
  if ("errors" in error && Array.isArray(error.errors)) {
    for (const one of error.errors as readonly unknown[]) rewriteError(one, rules, depth + 1);
  }
  return error;
}

/** Changes what notices tell of answers. */
export function rewriteNotices(
  notify: ((notice: Notice) => void) | undefined,
  rules: RewriteRules,
): ((notice: Notice) => void) | undefined {
  if (!notify) return undefined;
  return (notice) =>
    notify(
      notice.type === "attempt" && notice.partial
        ? { ...notice, partial: rewritePartial(notice.partial, rules) }
        : notice,
    );
}
