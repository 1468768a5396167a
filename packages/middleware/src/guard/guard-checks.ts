import { ModelError } from "@plugboard/core";
import type { ModelRequest, ModelResult, StandardSchema } from "@plugboard/core";
import { textFinder } from "../rewrite/text-rule.ts";
import type { TextFinder, TextPattern } from "../rewrite/text-rule.ts";

/** What a check looks at. */
export interface GuardSubject {
  /** What the user says, or a tool gave back, since the last answer; or the answer. */
  readonly text: string;
  readonly request: ModelRequest;
  /** Of an answer, all of it; absent on the way in. */
  readonly result?: ModelResult;
}

/**
 * What a check says: whether it may pass, why not, or what is to stand in for the text. An answer whose text is replaced loses its
 * thoughts as well.
 */
export type GuardVerdict = boolean | { readonly reason: string } | { readonly text: string };

/** Looks at a text as a whole. One that throws lets nothing pass. */
export type GuardPredicate = (subject: GuardSubject) => GuardVerdict | Promise<GuardVerdict>;

/** Something that texts must not hold. */
export interface GuardPattern extends TextPattern {
  /** What it is called where it is told of. @default its place in the list */
  readonly name?: string;
  /** What stands in for a match. @default a match stops the call */
  readonly replace?: string | ((match: string) => string);
}

/**
 * What a text must pass: an expression or a pattern that it must not hold, a schema that it must fit, a function that says yes.
 *
 * A schema is given the text; of an answer that was asked for as JSON, the value.
 */
export type GuardCheck = RegExp | GuardPattern | GuardPredicate | StandardSchema;

/** A pattern that is looked for, and what stands in for it; without that a match stops the call. */
interface PatternCheck extends TextFinder {
  readonly name: string;
  readonly instead: ((match: string) => string) | undefined;
}

/** The checks of one way, read. */
export interface GuardChecks {
  readonly patterns: readonly PatternCheck[];
  /** Look at the whole. */
  readonly whole: readonly { readonly name: string; readonly check: GuardPredicate }[];
}

/**
 * Sorts checks by what they look at.
 *
 * @throws {ModelError} `invalid-request` for what is no check
 */
export function readChecks(given: GuardCheck | readonly GuardCheck[], field: string): GuardChecks {
  const patterns: PatternCheck[] = [];
  const whole: { name: string; check: GuardPredicate }[] = [];
  const list = Array.isArray(given) ? (given as readonly GuardCheck[]) : [given as GuardCheck];
  for (const [place, check] of list.entries()) {
    const name = list.length === 1 ? field : `${field}[${place}]`;
    if (check instanceof RegExp) patterns.push(patternCheck({ find: check }, name));
    else if (isSchema(check)) whole.push({ name, check: (subject) => fits(check, subject) });
    else if (typeof check === "function") whole.push({ name: check.name || name, check });
    else if (typeof check === "object" && check !== null && "find" in check) patterns.push(patternCheck(check, name));
    else {
      const message = `\`${name}\` must be an expression, a pattern with \`find\`, a Standard Schema or a function.`;
      throw new ModelError(message, { code: "invalid-request" });
    }
  }
  return { patterns, whole };
}

function patternCheck(pattern: GuardPattern, field: string): PatternCheck {
  const { name = field, replace } = pattern;
  const instead = typeof replace === "string" ? () => replace : replace;
  return { ...textFinder(pattern, field), name, instead };
}

/** Schemas of some libraries are functions. */
function isSchema(check: unknown): check is StandardSchema {
  return ((typeof check === "object" && check !== null) || typeof check === "function") && "~standard" in check;
}

async function fits(schema: StandardSchema, { text, request, result }: GuardSubject): Promise<GuardVerdict> {
  let value: unknown = text;
  if (result && request.output) {
    try {
      value = JSON.parse(text);
    } catch {
      return { reason: "it is no JSON" };
    }
  }
  const { issues } = await schema["~standard"].validate(value);
  if (!issues) return true;
  // Where and what; a message of a schema may repeat the value, so it is cut short.
  const [first] = issues;
  const path = first?.path?.map((key) => String(typeof key === "object" ? key.key : key)).join(".");
  return { reason: `${path ? `at ${path}: ` : ""}${first?.message.slice(0, 200) ?? "it does not fit"}` };
}
