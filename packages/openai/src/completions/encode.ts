import type { Json, JsonObject, ModelRequest, Warning } from "@plugboard/core";
import { mergeProviderOptions, textBeforeGap } from "@plugboard/wire";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import type { Encoding } from "../chat-completions/encode.ts";
import { writeSettings } from "../chat-completions/settings.ts";
import type { Writing } from "../chat-completions/writing.ts";
import { dropRefused } from "../shared/drop-refused.ts";
import { ruleFor } from "../shared/model-rule.ts";
import { toolNames } from "../shared/tool-names.ts";
import { pick, unsupported } from "../shared/writing.ts";

/**
 * Writes a request as a body of the completions protocol: the last message, the user's, is what stands before the gap, `suffix` what
 * stands after it. `providerOptions` of the vendor have the last word.
 *
 * @throws {ModelError} `unsupported` for what has no form here: a last message that is not the user's, a file, a model that is not
 *   known to fill in the middle
 */
export function encodeCompletion(
  request: ModelRequest,
  { dialect: vendor, model, catalogId = model }: Encoding,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const { completions: rules = {} } = vendor;
  const dialect: ChatDialect = { ...vendor, maxTokens: "max_tokens" };
  const warnings: Warning[] = [];
  const writing: Writing = { dialect, model, systemRole: "system", names: toolNames([]), warnings };

  const prompt = writePrompt(request, catalogId, writing);
  const refused = new Set([
    ...(dialect.refuses ?? []),
    ...(ruleFor(dialect.models, catalogId).refuses ?? []),
    ...(rules.refuses ?? []),
  ]);
  refused.delete("tools"); // said above
  const settings = writeSettings(dropRefused(request, refused, writing), writing);
  const streamUsage = rules.streamUsage ?? dialect.streamUsage ?? true;
  const body: Record<string, Json> = {
    model,
    ...prompt,
    ...settings,
    ...(request.stream && { stream: true }),
    ...(request.stream && streamUsage && { stream_options: { include_usage: true } }),
  };
  const own = request.providerOptions && pick(request.providerOptions, dialect);
  return { body: own ? mergeProviderOptions(body, own) : body, warnings };
}

/** The text before the gap and the text after it, as the server wants them. */
function writePrompt(request: ModelRequest, catalogId: string, writing: Writing): Record<string, Json> {
  const { dialect, model } = writing;
  const { suffix } = request;
  const { form = "suffix", models } = dialect.completions ?? {};
  const { prefix, warnings } = textBeforeGap(request, { provider: dialect.provider, model });
  writing.warnings.push(...warnings);
  if (suffix === undefined) return { prompt: prefix };
  if (models && !models.test(catalogId))
    throw unsupported(writing, `${model} of ${dialect.provider} takes no \`suffix\`.`);
  if (form === "suffix") return { prompt: prefix, suffix };

  const marked = form.mark(prefix, suffix, catalogId);
  if (marked !== undefined) return { prompt: marked };
  throw unsupported(
    writing,
    `How ${model} marks a gap is not known, and ${dialect.provider} takes no \`suffix\` itself; known are the families ${form.families.join(", ")}. A \`catalogId\` says which family a model is of.`,
  );
}
