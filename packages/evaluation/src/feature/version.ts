import manifest from "../../package.json" with { type: "json" };

/** Of this package, for evidence. */
export const version: string = manifest.version;
