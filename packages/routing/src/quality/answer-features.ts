/** What an answer's text shows of how far it can be trusted, whatever was asked. */
export interface AnswerFeatures {
  /** Length, hedges, refusal, whether it is JSON, whether it is cut off, whether it is empty. */
  readonly figures: readonly number[];
  /** What the answer comes down to, so that it can be compared with another's; undefined where there is none. */
  readonly result: string | undefined;
}

const hedges =
  /\b(?:perhaps|maybe|might|possibly|probably|unsure|not sure|not certain|i think|i believe|it seems|appears to|assum\w+|unclear|approximately|wait)\b/gi;
const refusal = /\b(?:i (?:can't|cannot|can not|am unable|'m unable)|unable to (?:help|answer|determine)|as an ai)\b/i;

/**
 * Reads an answer.
 *
 * @param tokens - how many it has, where that is known: hidden reasoning is longer than what is read
 */
export function answerFeatures(answer: string, tokens: number = answer.length / 4): AnswerFeatures {
  const text = answer.trim();
  const fenced = /^```\w*\s*([\s\S]*?)\s*```$/.exec(text)?.[1] ?? text;
  const json = parsed(fenced);
  return {
    figures: [
      Math.log1p(tokens) - 4,
      Math.min(Math.log1p(text.match(hedges)?.length ?? 0), 2),
      refusal.test(text) ? 1 : 0,
      json === undefined ? 0 : 1,
      /[\w,;:]$/.test(text) && !/\n.{1,40}$/.test(text) && text.length > 200 ? 1 : 0,
      text === "" ? 1 : 0,
    ],
    result: resultOf(text, json),
  };
}

/** The `answer` of an object; else the last line, without what frames it. */
function resultOf(text: string, json: unknown): string | undefined {
  if (typeof json === "object" && json !== null) {
    const named = Object.entries(json).find(([name]) => /^(?:final_?)?(?:answer|result|output)$/i.test(name));
    return plain(named ? textOf(named[1]) : JSON.stringify(json));
  }
  return plain(text.split("\n").at(-1)!);
}

/** Without what answers of the same meaning differ in: case, frames, spaces, how a number is written. */
function plain(text: string): string | undefined {
  const bare = text
    .toLowerCase()
    .replace(/^.*\b(?:answer|result)\s*(?:is|:|=)\s*/, "")
    .replaceAll(/\\[()[\]]|\\(?:text|mathrm|left|right|boxed|d?frac|,|!)|[$*`"'\s{}]|\.$/g, "")
    .replaceAll(/(?<=\d),(?=\d{3})/g, "");
  if (bare === "") return undefined;
  const number = /^(-?\d+(?:\.\d+)?)(?:[a-z%°]+)?$/.exec(bare)?.[1];
  return number === undefined ? bare : String(Number(number));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
