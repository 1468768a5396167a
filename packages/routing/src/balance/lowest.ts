import type { CallOptions } from "@plugboard/core";
import type { Candidate, Choose, Policy } from "./policy.ts";

/** The one with the lowest figure; among equals, the one that was not chosen for the longest time. */
export function lowest(figure: (candidate: Candidate, request: CallOptions) => number): Policy {
  return () => chooseBy(figure);
}

function chooseBy(figure: (candidate: Candidate, request: CallOptions) => number): Choose {
  const turns = new Map<Candidate, number>();
  let turn = 0;
  return (candidates, request) => {
    let chosen = candidates[0]!;
    let [least, longest] = [Infinity, Infinity];
    for (const candidate of candidates) {
      const value = figure(candidate, request);
      const last = turns.get(candidate) ?? 0;
      if (value < least || (value === least && last < longest)) [chosen, least, longest] = [candidate, value, last];
    }
    turns.set(chosen, ++turn);
    return chosen;
  };
}
