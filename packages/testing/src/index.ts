export type { ExpectedAnswer, ProviderSample } from "./provider-sample.ts";
export { scripted, scriptedAs } from "./scripted/scripted.ts";
export type { ScriptedAnswer, ScriptedIdentity, ScriptedModel, ScriptedStep } from "./scripted/scripted.ts";
