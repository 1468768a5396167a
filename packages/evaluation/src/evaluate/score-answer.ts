import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import type { Answer, Scorer, Scorers, Scores } from "../scorer.ts";

/** What came of all scorers. */
export type Scored = Pick<Measurement, "scores" | "unscored">;

/**
 * Scorers as a list, each under the name that it has in the results.
 *
 * @throws {ModelError} `invalid-request` if two have one name
 */
export function scorersOf<Row>(given: Scorers<Row>): readonly Scorer<Row>[] {
  const list = Array.isArray(given)
    ? (given as readonly Scorer<Row>[])
    : Object.entries(given as Exclude<Scorers<Row>, readonly unknown[]>).map(([name, scorer]) => ({
        name,
        score: typeof scorer === "function" ? scorer : scorer.score,
      }));
  const names = new Set<string>();
  for (const { name } of list) {
    if (names.has(name)) {
      throw new ModelError(`Two scorers are named ${JSON.stringify(name)}; give \`scorers\` as \`{ name: scorer }\`.`, {
        code: "invalid-request",
      });
    }
    names.add(name);
  }
  return list;
}

/** Asks every scorer. Those that judge at once cost no promise. */
export async function scoreAnswer<Row>(scorers: readonly Scorer<Row>[], answer: Answer<Row>): Promise<Scored> {
  const scores: Record<string, number> = {};
  let unscored: Record<string, string> | undefined;
  let waiting: Promise<void>[] | undefined;

  for (const { name, score } of scorers) {
    try {
      const said = score(answer);
      if (said instanceof Promise) {
        (waiting ??= []).push(
          said.then(
            (later) => note(name, later),
            (error: unknown) => fail(name, error),
          ),
        );
      } else note(name, said);
    } catch (error) {
      fail(name, error);
    }
  }
  if (waiting) await Promise.all(waiting);
  return unscored ? { scores, unscored } : { scores };

  function note(name: string, said: Scores): void {
    if (typeof said !== "object") put(name, said);
    else for (const key of Object.keys(said)) put(key, said[key]);
  }

  function put(name: string, said: number | boolean | undefined): void {
    const value = Number(said);
    if (said === undefined) return;
    if (Number.isFinite(value)) scores[name] = value;
    else fail(name, new ModelError(`A score must be a finite number; it is ${value}.`, { code: "unknown" }));
  }

  function fail(name: string, error: unknown): void {
    (unscored ??= {})[name] = error instanceof Error ? error.message : String(error);
  }
}
