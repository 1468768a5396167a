import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type { AnsweredCall, Scorer, Scores } from "../scorer.ts";
import { alike, isObject } from "./alike.ts";
import type { AlikeOptions } from "./alike.ts";
import { expectedOf } from "./expected.ts";

/** A call that is expected. */
export interface ExpectedCall {
  readonly name: string;
  /** The arguments. @default any */
  readonly input?: Json;
  /** Arguments that may be left out, at the top level. @default none */
  readonly optional?: readonly string[];
}

/** What calls are right, and how they are compared. */
export interface ToolCallsOptions<Row> extends AlikeOptions {
  /** The calls; an empty list says that no tool should be called. @default the row's `expected` */
  readonly expected?: (row: Row) => readonly ExpectedCall[] | undefined;
  /** Whether the calls must come in the order expected. @default false */
  readonly order?: boolean;
}

/**
 * Whether the answer asks for the tools expected: `toolCalls` is 1 where every call is there with its arguments and none besides.
 * `toolNames` is how far the names agree and `toolArguments` how far calls of the right name have the right arguments, both as shares.
 *
 * Arguments are compared as values: the order of keys, and how a number is written, do not count. A call that is no JSON is wrong.
 *
 * @example
 * const dataset = [{ prompt: "Weather in Rome?", expected: [{ name: "weather", input: { city: "Rome" } }] }];
 * const run = evaluate({ dataset, models, scorers: [toolCalls()] });
 */
export function toolCalls<Row = unknown>(options: ToolCallsOptions<Row> = {}): Scorer<Row> {
  return {
    name: "toolCalls",
    score({ row, toolCalls: said }): Scores {
      const expected = expectedCalls(expectedOf(row, options));
      if (!expected) return undefined;
      const most = Math.max(expected.length, said.length);
      if (most === 0) return { toolCalls: 1, toolNames: 1 };
      const names = pairs(expected, said, options.order, ({ name }, call) => name === call.name);
      const whole = pairs(expected, said, options.order, (wanted, call) => fits(wanted, call, options));
      return {
        toolCalls: whole === most ? 1 : 0,
        toolNames: names / most,
        ...(names > 0 && { toolArguments: whole / names }),
      };
    },
  };
}

function expectedCalls(value: unknown): readonly ExpectedCall[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  const right = list.every((call: unknown) => typeof (call as ExpectedCall | null)?.name === "string");
  if (right) return list as readonly ExpectedCall[];
  throw new ModelError("`expected` must be a list of calls, each `{ name, input }`.", { code: "invalid-request" });
}

/** How many calls find one that is expected: each another, in order if that is wanted. */
function pairs(
  expected: readonly ExpectedCall[],
  said: readonly AnsweredCall[],
  order: boolean | undefined,
  agree: (wanted: ExpectedCall, call: AnsweredCall) => boolean,
): number {
  if (order) return expected.filter((wanted, place) => said[place] && agree(wanted, said[place])).length;
  const takenBy: (number | undefined)[] = [];
  return expected.filter((_, wanted) => place(wanted, new Set())).length;

  /** Finds a call for what is wanted, having others move to make room (Kuhn's augmenting paths). */
  function place(wanted: number, tried: Set<number>): boolean {
    for (const [at, call] of said.entries()) {
      if (tried.has(at) || !agree(expected[wanted]!, call)) continue;
      tried.add(at);
      const holder = takenBy[at];
      if (holder !== undefined && !place(holder, tried)) continue;
      takenBy[at] = wanted;
      return true;
    }
    return false;
  }
}

function fits({ name, input, optional = [] }: ExpectedCall, call: AnsweredCall, options: AlikeOptions): boolean {
  if (call.name !== name || call.invalid) return false;
  if (input === undefined) return true;
  if (optional.length === 0 || !isObject(input) || !isObject(call.input)) return alike(input, call.input, options);
  const wanted: Record<string, Json | undefined> = { ...input };
  for (const key of optional) if (call.input[key] === undefined) delete wanted[key];
  return alike(wanted, call.input, options);
}
