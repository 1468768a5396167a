import type { AssistantPart, Message, Prompt, ToolOutputPart } from "@plugboard/core";

/** What becomes of a text. */
export type MapText = (text: string) => string;

/** Deeper than this nobody looks; whoever nests so deep has something to hide. */
const deepest = 500;

/**
 * All texts within a JSON value, names of properties included; what holds none that changes stays the same object.
 *
 * @throws {RangeError} for a value that is nested too deep to be looked at
 */
export function mapJson<Value>(value: Value, map: MapText): Value {
  return mapped(value, map, map, 0) as Value;
}

/** The same of data that has names of its own, which stay. */
export function mapData<Value>(value: Value, map: MapText): Value {
  return mapped(value, map, same, 0) as Value;
}

const same: MapText = (text) => text;

function mapped(value: unknown, map: MapText, mapName: MapText, depth: number): unknown {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw new RangeError(`A value is nested deeper than ${deepest} levels.`);
  if (Array.isArray(value)) return mapList(value, (item) => mapped(item, map, mapName, depth + 1));
  // Bytes and URLs are passed on as they are.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let changed = false;
  const entries: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const entry: [string, unknown] = [mapName(name), mapped(item, map, mapName, depth + 1)];
    changed ||= entry[0] !== name || entry[1] !== item;
    entries.push(entry);
  }
  return changed ? withPrototype(Object.fromEntries(entries), prototype) : value;
}

/** The same list where no item changes. */
function mapList<Item>(list: readonly Item[], map: (item: Item) => Item): readonly Item[] {
  let changed = false;
  const items = list.map((item) => {
    const other = map(item);
    changed ||= other !== item;
    return other;
  });
  return changed ? items : list;
}

/** Arguments of tools have no prototype, so that `__proto__` among them is a name like any other. */
function withPrototype(value: object, prototype: unknown): object {
  return prototype === null ? Object.assign(Object.create(null) as object, value) : value;
}

/** What becomes of a part whose texts are changed. */
export interface PartRules {
  readonly map: MapText;
  /** Whether to keep what the provider wants handed back with a text that has changed. */
  readonly keepsData: boolean;
}

/** A part with its texts changed. Its ids, and the names that tools are called by, stay. */
export function mapPart<Part extends AssistantPart>(part: Part, rules: PartRules): Part {
  return mapOne(part, rules) as Part;
}

function mapOne(part: AssistantPart, rules: PartRules): AssistantPart {
  const { map } = rules;
  switch (part.type) {
    case "text":
    case "reasoning":
      return withText(part, map(part.text), rules);
    case "tool-call": {
      const input = mapJson(part.input, map);
      // What is read into nothing, a name that comes twice, is in the raw text all the same.
      if (input === part.input && (part.raw === undefined || map(part.raw) === part.raw)) return part;
      const written = part.invalid && typeof input === "string" ? input : JSON.stringify(input);
      return { ...part, input, ...(part.raw !== undefined && { raw: written }) };
    }
    case "tool-result": {
      const output = typeof part.output === "string" ? map(part.output) : mapList(part.output, mapOutput);
      return output === part.output ? part : { ...part, output };
    }
    case "file":
    case "source":
      return mapData(part, map);
    case "opaque": {
      const providerData = mapData(part.providerData, map);
      return providerData === part.providerData ? part : { ...part, providerData };
    }
    default:
      return part;
  }

  function mapOutput(piece: ToolOutputPart): ToolOutputPart {
    if (piece.type !== "json") return mapOne(piece, rules) as ToolOutputPart;
    const value = mapJson(piece.value, map);
    return value === piece.value ? piece : { ...piece, value };
  }
}

/** A text or a thought that now reads otherwise: places in it mean nothing any more. */
export function withText<Part extends Extract<AssistantPart, { readonly text: string }>>(
  part: Part,
  text: string,
  { map, keepsData }: PartRules,
): Part {
  const citations = "citations" in part && part.citations ? mapData(part.citations, map) : undefined;
  if (text === part.text) {
    return "citations" in part && citations !== part.citations ? { ...part, citations } : part;
  }
  const { providerData, citations: _, ...rest } = part as Part & { citations?: unknown };
  return {
    ...rest,
    text,
    ...(citations && { citations: citations.map(({ start: _start, end: _end, ...citation }) => citation) }),
    ...(keepsData && providerData && { providerData }),
  } as Part;
}

/** A prompt with the texts of its messages changed; the same object where nothing changes. */
export function mapPrompt<Asked extends Prompt>(prompt: Asked, map: MapText): Asked {
  const messages = mapList(prompt.messages, (message) => mapMessage(message, map));
  const suffix = prompt.suffix === undefined ? undefined : map(prompt.suffix);
  if (messages === prompt.messages && suffix === prompt.suffix) return prompt;
  return { ...prompt, messages, ...(suffix !== undefined && { suffix }) };
}

function mapMessage(message: Message, map: MapText): Message {
  const { content } = message;
  const other =
    typeof content === "string"
      ? map(content)
      : mapList<AssistantPart>(content, (part) => mapPart(part, { map, keepsData: true }));
  return other === content ? message : ({ ...message, content: other } as Message);
}
