import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type { Score, Scorer } from "../scorer.ts";
import { alike, isList, isObject } from "./alike.ts";
import type { AlikeOptions } from "./alike.ts";
import { expectedOf } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";
import { jsonIn } from "./json-in.ts";

/** What is right, and how values are compared. */
export type JsonDifferenceOptions<Row> = ExpectedOptions<Row> & AlikeOptions;

/**
 * How much of the JSON expected the answer has: the share of leaves (texts, numbers, …) of both that are the same at the same place. 1 is the
 * same JSON, 0 is nothing in common or no JSON at all.
 *
 * @example
 * jsonDifference().score({ ...answer, text: '{"a":1,"b":2}', row: { expected: { a: 1, b: 3 } } }); // 0.5
 */
export function jsonDifference<Row = unknown>(options: JsonDifferenceOptions<Row> = {}): Scorer<Row> {
  return {
    name: "jsonDifference",
    score({ row, text }): Score {
      const expected = expectedJson(expectedOf(row, options));
      if (expected === undefined) return undefined;
      const said = jsonIn(text);
      if (said === undefined) return 0;
      const { same, all } = compare(expected, said, options);
      return same / all;
    },
  };
}

/** As it is, or parsed where a dataset has it as text. */
function expectedJson(value: unknown): Json | undefined {
  if (typeof value !== "string") return value as Json | undefined;
  const parsed = jsonIn(value);
  if (parsed !== undefined) return parsed;
  throw new ModelError(`\`expected\` must be JSON; it is ${JSON.stringify(value).slice(0, 80)}.`, {
    code: "invalid-request",
  });
}

interface Shared {
  readonly same: number;
  /** Leaves of either. */
  readonly all: number;
}

function compare(left: Json | undefined, right: Json | undefined, options: AlikeOptions): Shared {
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return sum(
      keys.length,
      keys.map((key) => compare(left[key], right[key], options)),
    );
  }
  if (isList(left) && isList(right)) {
    const matched = options.anyOrder ? paired(left, right, options) : right;
    const length = Math.max(left.length, matched.length);
    return sum(
      length,
      Array.from({ length }, (_, place) => compare(left[place], matched[place], options)),
    );
  }
  const all = Math.max(leavesOf(left), leavesOf(right), 1);
  return { same: alike(left, right, options) ? all : 0, all };
}

/** Empty objects and lists count as one leaf, so that having them is something. */
function sum(size: number, parts: readonly Shared[]): Shared {
  if (size === 0) return { same: 1, all: 1 };
  let [same, all] = [0, 0];
  for (const part of parts) [same, all] = [same + part.same, all + part.all];
  return { same, all };
}

/** The right list, each value at the place of the left one it is most like. */
function paired(left: readonly Json[], right: readonly Json[], options: AlikeOptions): Json[] {
  const rest = [...right];
  const ordered: Json[] = [];
  for (const value of left) {
    if (rest.length === 0) break;
    const likeness = rest.map((other) => compare(value, other, options)).map(({ same, all }) => same / all);
    ordered.push(...rest.splice(likeness.indexOf(Math.max(...likeness)), 1));
  }
  return [...ordered, ...rest];
}

function leavesOf(value: Json | undefined): number {
  if (value === undefined) return 0;
  const children = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  let leaves = 0;
  for (const child of children) leaves += leavesOf(child);
  return Math.max(1, leaves);
}
