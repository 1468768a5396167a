import type { Model, ModelRequest } from "@plugboard/core";

/** The tag whose value says who a call is of, or what reads it. */
export type By = string | ((request: ModelRequest) => string | undefined);

/** Reads who a call is of. */
export function userReader(by: By): (request: ModelRequest) => string | undefined {
  return typeof by === "string" ? ({ tags }) => tags?.[by] : by;
}

/** What a model is called in measurements. */
export function nameOf({ provider, id }: Pick<Model, "provider" | "id">): string {
  return `${provider}/${id}`;
}
