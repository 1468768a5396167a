import type { Attempt, Notice } from "@plugboard/core";

/** Why an attempt went to its model. */
export interface Choice {
  /** Who chose. */
  readonly by: "tiers" | "route" | "cascade";
  /** In a sentence. */
  readonly why: string;
}

declare module "@plugboard/core" {
  interface Attempt {
    /** Why it went to this model, where routing chose: the choice nearest to the model first. */
    readonly choices?: readonly Choice[];
  }
}

/** What of a request it takes to say on its attempts who chose. */
interface Told {
  readonly notify?: (notice: Notice) => void;
}

/** The same request, whose attempts say why they were made. */
export function withChoice<Request extends Told>(request: Request, choice: Choice): Request {
  const { notify } = request;
  if (!notify) return request;
  return {
    ...request,
    notify(notice: Notice) {
      if (notice.type === "attempt" && notice.attempt.outcome === "running") mark(notice.attempt, choice);
      notify(notice);
    },
  };
}

function mark(attempt: Attempt & { choices?: readonly Choice[] }, choice: Choice): void {
  attempt.choices = [...(attempt.choices ?? []), choice];
}
