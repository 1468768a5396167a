import type { CallOptions, Callable, Model, ModelKey, ModelRequest } from "@plugboard/core";
import { keyOf } from "../key-of.ts";
import { leavesOf } from "../leaves-of.ts";
import { namesOf } from "../names-of.ts";
import { refused } from "../refused.ts";

/** A model of the list, and what it is asked in place of the request. */
export interface ChangedTarget<Request, Member> {
  readonly model: Member;
  /**
   * Makes the request for this model out of the one that came. What it leaves out besides the question (`signal`, `deadline`, `tags`,
   * `notify`, …) stays as it was.
   */
  readonly request?: (request: Request) => Request | Promise<Request>;
}

/** A chat model of the list, and what is particular about it there. */
export interface FallbackEntry extends ChangedTarget<ModelRequest, Model> {
  /**
   * Whether it goes on from the beginning of an answer, an assistant message that stands last; for `continueMidStream`. `"exactly"` says
   * that it never repeats any of it, so that nothing is taken for a repeat. @default true
   */
  readonly continues?: boolean | "exactly";
}

/** A model, or one with what is particular about it. */
export type FallbackTarget = Model | FallbackEntry;

/** A model of another kind, or one with a request of its own. */
export type OtherTarget<Request, Member> = Member | ChangedTarget<Request, Member>;

/** One place of the list, with all that is known of it. */
export interface Target<Request extends CallOptions, Reply> {
  readonly model: Callable<Request, Reply>;
  readonly change: ((request: Request) => Request | Promise<Request>) | undefined;
  readonly continues: boolean | "exactly";
  /** What it is told of by. */
  readonly key: ModelKey;
  /** The adapters that may answer. */
  readonly leaves: readonly ModelKey[];
  /** What its cooldown goes by: the fingerprint, with a number where other models of the list have the same (another key, another account). */
  readonly name: string;
}

/** The model of a place in the list. */
export function modelIn<Member extends { readonly call: unknown }>(entry: Member | { readonly model: Member }): Member {
  return "call" in entry ? entry : entry.model;
}

/**
 * The places of a list.
 *
 * @param kind - whose list it is, for errors
 * @throws {ModelError} `invalid-request` for an empty list, or one with the same model and the same change twice
 */
export function targetsOf<Request extends CallOptions, Reply>(
  list: readonly (
    | Callable<Request, Reply>
    | (ChangedTarget<Request, Callable<Request, Reply>> & Pick<FallbackEntry, "continues">)
  )[],
  kind = "fallback",
): Target<Request, Reply>[] {
  if (list.length === 0) throw refused(`\`${kind}\` needs at least one model; the list is empty.`);
  const entries = list.map((entry) => ("call" in entry ? { model: entry } : entry));
  const twice = entries.findIndex(({ model, request }, place) =>
    entries.slice(0, place).some((before) => before.model === model && before.request === request),
  );
  if (twice !== -1) {
    throw refused(
      `\`${kind}\` takes each model once, unless with another \`request\`; models[${twice}] is there before.`,
    );
  }
  const names = namesOf(entries.map(({ model }) => model));
  return entries.map(({ model, request: change, continues = true }, place) => ({
    model,
    change,
    continues,
    key: keyOf(model),
    leaves: leavesOf(model),
    name: names[place]!,
  }));
}
