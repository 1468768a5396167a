/** Writes what stands before and after a gap as one prompt. */
type Template = (prefix: string, suffix: string) => string;

/** In the order in which most models were trained on them: prefix, suffix, and then the middle is to come. */
function between(before: string, gap: string, after: string): Template {
  return (prefix, suffix) => `${before}${prefix}${gap}${suffix}${after}`;
}

const bars = between("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>");
const plain = between("<fim_prefix>", "<fim_suffix>", "<fim_middle>");

/**
 * The marks around a gap, by the model's family, as the cards of the models give them. A server that knows no suffix (vLLM, SGLang,
 * llama.cpp and LM Studio on `/completions`) reads them in the prompt.
 */
const families: readonly { readonly name: string; readonly models: RegExp; readonly write: Template }[] = [
  { name: "Qwen Coder", models: /qwen[\d.]*-?coder|codeqwen/i, write: bars },
  { name: "CodeGemma", models: /codegemma/i, write: bars },
  { name: "StarCoder", models: /starcoder/i, write: plain },
  { name: "Granite", models: /granite/i, write: plain },
  {
    name: "DeepSeek Coder",
    models: /deepseek-?coder/i,
    write: between("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
  },
  { name: "Code Llama", models: /code-?llama/i, write: between("<PRE> ", " <SUF>", " <MID>") },
  { name: "Codestral", models: /codestral/i, write: (prefix, suffix) => `[SUFFIX]${suffix}[PREFIX]${prefix}` },
];

/** Writes a gap into a prompt. */
export interface GapMarks {
  /** The names of the families whose marks are known. */
  readonly families: readonly string[];
  /** A gap as a prompt for a model, or `undefined` for one whose marks are not known. */
  mark(prefix: string, suffix: string, model: string): string | undefined;
}

/**
 * What a dialect is given whose server knows no suffix: the text before and after the gap is sent as one prompt, between the marks that
 * the model's family was trained on. A model of another family is refused a suffix.
 *
 * @example
 * const acme = compatible({
 *   provider: "acme", baseURL: "https://api.acme.example/v1", completions: { form: gapMarks },
 * });
 */
export const gapMarks: GapMarks = {
  families: families.map(({ name }) => name),
  mark: (prefix, suffix, model) => families.find(({ models }) => models.test(model))?.write(prefix, suffix),
};
