// What stores have in common, for those who write one.
export { checkAmount } from "./check-amount.ts";
export { checkDay } from "./check-day.ts";
export { labelText, readLabels } from "./label-text.ts";
export { periodOf } from "./period-of.ts";
export { readTakes } from "./read-takes.ts";
