import { ModelReply, defineModel } from "@plugboard/core";
import type { Draft, Model, ModelParts, ModelRequest, ModelResult } from "@plugboard/core";

/** What a scripted model says: text, a result, or drafts as they come. */
export type Script = string | Partial<ModelResult> | AsyncIterable<Draft>;

/** For tests: a model that answers as the script says, and the requests that reached it. */
export function testModel(
  script: (request: ModelRequest, call: number) => Script | Promise<Script>,
  parts: Partial<ModelParts> = {},
): { readonly model: Model; readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  const model = defineModel({
    provider: "test",
    id: "scripted",
    ...parts,
    async call(request) {
      requests.push(request);
      const said = await script(request, requests.length);
      if (typeof said === "object" && Symbol.asyncIterator in said) return ModelReply.from(said, { model: "scripted" });
      const content = typeof said === "string" ? [{ type: "text", text: said } as const] : [];
      const usage = { input: 10, output: 5 };
      return ModelReply.of({ model: "scripted", finishReason: "stop", usage, warnings: [], content, ...(typeof said !== "string" && said) });
    },
  });
  return { model, requests };
}

/** Text in pieces, then the finish; the pieces wait for `between`. */
export async function* pieces(texts: readonly string[], between?: () => Promise<void>): AsyncGenerator<Draft> {
  for (const text of texts) {
    yield text;
    await between?.();
  }
  yield { finishReason: "stop", usage: { input: 10, output: texts.length } };
}

/** A promise, and how to settle it. */
export function deferred<Value = void>(): PromiseWithResolvers<Value> {
  return Promise.withResolvers<Value>();
}
