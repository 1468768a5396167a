import { isDeepStrictEqual } from "node:util";
import type { AssistantPart, Json, ModelEvent, ToolCallPart } from "@plugboard/core";

/** An index while its part is being said. */
interface OpenIndex {
  readonly type: "text" | "reasoning" | "tool-call";
  text: string;
  readonly id?: string;
  readonly name?: string;
}

/**
 * What is wrong with the order of events; each fault begins with the name of its rule.
 *
 * @param failed - whether the reader was thrown to after the last of them: then no finish is expected
 */
export function eventFaults(events: readonly ModelEvent[], failed: boolean): string[] {
  const faults: string[] = [];
  const open = new Map<number, OpenIndex>();
  const closed = new Set<number>();

  events.forEach((event, place) => {
    if ((event.type === "start") !== (place === 0))
      faults.push(`start: event ${place} is ${event.type}; exactly one start comes first`);
    if (event.type === "finish" && place !== events.length - 1)
      faults.push(`finish: event ${place} of ${events.length} is a finish`);
    if ("index" in event && closed.has(event.index))
      faults.push(`part: ${event.type} for index ${event.index}, which had its part`);

    switch (event.type) {
      case "text-delta":
        say(event.index, "text", event.text);
        break;
      case "reasoning-delta":
        say(event.index, "reasoning", event.text);
        break;
      case "tool-call-start":
        if (open.has(event.index)) faults.push(`tool-call-start: index ${event.index} is in use`);
        open.set(event.index, { type: "tool-call", text: "", id: event.id, name: event.name });
        break;
      case "tool-call-delta":
        if (open.has(event.index)) say(event.index, "tool-call", event.text);
        else faults.push(`tool-call-delta: index ${event.index} had no tool-call-start`);
        break;
      case "part": {
        const deltas = open.get(event.index);
        if (deltas) faults.push(...partFaults(event.part, deltas));
        open.delete(event.index);
        closed.add(event.index);
        break;
      }
      default: // start, usage, finish, and types that are for others
    }
  });

  if (failed) return faults;
  const last = events.at(-1);
  if (last?.type !== "finish") faults.push(`finish: the last event is ${last?.type ?? "missing"}`);
  // A call that was cut in the middle has no part: it is not one to run.
  const whole = last?.type === "finish" && (last.finishReason === "stop" || last.finishReason === "tool-calls");
  for (const [index, { type }] of open) {
    if (type !== "tool-call" || whole) faults.push(`part: index ${index} has ${type} deltas and no part`);
  }
  return faults;

  function say(index: number, type: OpenIndex["type"], text: string): void {
    const before = open.get(index);
    if (!before) open.set(index, { type, text });
    else if (before.type === type) before.text += text;
    else faults.push(`deltas: index ${index} has ${before.type} deltas and ${type} deltas`);
  }
}

function partFaults(part: AssistantPart, { type, text, id, name }: OpenIndex): string[] {
  if (part.type !== type) return [`deltas: ${type} deltas became a ${part.type} part`];
  if (part.type === "tool-call") {
    const faults = argumentFaults(part, text);
    if (part.id !== id) faults.push(`tool-call-start: said the id ${shown(id)}, the part says ${shown(part.id)}`);
    if (part.name !== name)
      faults.push(`tool-call-start: said the name ${shown(name)}, the part says ${shown(part.name)}`);
    return faults;
  }
  if ((part.type === "text" || part.type === "reasoning") && part.text !== text) {
    return [`deltas: add up to ${shown(text)}, the part is ${shown(part.text)}`];
  }
  return [];
}

/** Deltas may be missing altogether, where a provider sends a call in one piece. */
function argumentFaults({ input, raw, invalid }: ToolCallPart, deltas: string): string[] {
  if (deltas === "") return [];
  if (raw !== undefined)
    return raw === deltas ? [] : [`deltas: add up to ${shown(deltas)}, the part's \`raw\` is ${shown(raw)}`];
  const fits = invalid ? input === deltas : isDeepStrictEqual(parsed(deltas), input);
  return fits ? [] : [`deltas: add up to ${shown(deltas)}, the part's \`input\` is ${shown(input)}`];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
