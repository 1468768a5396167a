export type { Circumstances } from "./circumstances.ts";
export { dropIn } from "./drop-in.ts";
export type { DropInOptions } from "./drop-in.ts";
export type { NamedModels } from "./named-models.ts";
export type { Vendor } from "./original-model.ts";
export { unwrap } from "./unwrap.ts";
export { wrap } from "./wrap.ts";
export type { WrapOptions } from "./wrap.ts";
