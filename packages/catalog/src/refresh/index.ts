export { loadCatalog } from "./load-catalog.ts";
export type { LoadedCatalog, LoadOptions } from "./load-catalog.ts";
