export { catalog } from "./catalog.ts";
export type { Catalog, CatalogOptions, OwnModel } from "./catalog.ts";
export type { Abilities, CatalogModel, Modality } from "./catalog-model.ts";
export type { ModelPrices, PriceTier, TokenKind, TokenPrices } from "./model-prices.ts";
export { abilities, limits, price, quote } from "./standard.ts";
export type { CatalogRow, CatalogSnapshot, CatalogTable } from "./table.ts";
