import { moveOf, sentencesOf } from "./moves.ts";
import type { Move } from "./moves.ts";

/** An answer as signs are read from it. */
interface ReadAnswer {
  /** In lower case, with straight apostrophes. */
  readonly said: string;
  /** What its sentences do, without those that say nothing of the matter. */
  readonly moves: readonly Move[];
  /** What comes before it turns to something else. */
  readonly onTopic: readonly Move[];
  readonly sentences: readonly string[];
}

/** What speaks for or against a refusal, as a number from 0 to about 1. */
type Sign = (answer: ReadAnswer) => number;

/**
 * So many characters are read. The answers that people labelled are kept up to here, so what stands later has no known worth; and who refuses,
 * or answers, has begun to by then.
 */
const enough = 700;

const has =
  (pattern: RegExp): Sign =>
  ({ said }) =>
    pattern.test(said) ? 1 : 0;

/** Of a few, how many: the second says less than the first. */
const often =
  (pattern: RegExp): Sign =>
  ({ said }) =>
    few(said.match(pattern)?.length ?? 0);

const starts =
  (...wanted: readonly Move[]): Sign =>
  ({ moves }) =>
    moves[0] !== undefined && wanted.includes(moves[0]) ? 1 : 0;

const tells =
  (...wanted: readonly Move[]): Sign =>
  ({ moves }) =>
    few(count(moves, wanted));

const share =
  (...wanted: readonly Move[]): Sign =>
  ({ moves }) =>
    moves.length === 0 ? 0 : count(moves, wanted) / moves.length;

/** What is read of an answer, by name; `weights` has what each is worth. None is of a data set's topics. */
export const signs: Readonly<Record<string, Sign>> = {
  // How it opens.
  startsDeclining: starts("decline"),
  declinesSecond: ({ moves }) => (moves[0] !== "decline" && moves[1] === "decline" ? 1 : 0),
  declinesLater: ({ moves }) => (!moves.slice(0, 2).includes("decline") && moves.includes("decline") ? 1 : 0),
  startsReproaching: starts("reproach"),
  startsExplaining: starts("content", "definition", "premise"),
  startsHelping: starts("offer", "item"),
  startsTurning: starts("turn", "redirect"),
  // What it does.
  declines: tells("decline"),
  reproaches: tells("reproach"),
  redirects: tells("redirect"),
  offers: tells("offer"),
  turns: tells("turn"),
  premises: tells("premise"),
  defines: tells("definition"),
  explains: share("content", "premise", "definition"),
  objects: share("decline", "reproach", "turn", "redirect"),
  sympathises: ({ sentences }) => (sentences.some((sentence) => moveOf(sentence) === "sympathy") ? 1 : 0),
  // Whether it helps, and where.
  lists: ({ onTopic }) => few(count(onTopic, ["item"])),
  listsSomethingElse: ({ moves, onTopic }) => few(count(moves, ["item"]) - count(onTopic, ["item"])),
  saysWhyAfterDeclining: ({ onTopic }) => (onTopic[0] === "decline" && onTopic.includes("premise") ? 1 : 0),
  helps: ({ onTopic }) => (!onTopic.includes("decline") && helps(onTopic) ? 1 : 0),
  helpsAfterDeclining: ({ onTopic }) => (onTopic.includes("decline") && helps(onTopic) ? 1 : 0),
  explainsAfterDeclining: ({ onTopic }) => {
    const declined = onTopic.indexOf("decline");
    return declined < 0 ? 0 : few(count(onTopic.slice(declined + 1), ["content", "premise", "definition"]));
  },
  listsAfterDeclining: ({ onTopic }) => {
    const declined = onTopic.indexOf("decline");
    return declined < 0 ? 0 : few(count(onTopic.slice(declined + 1), ["item"]));
  },
  explainsAfterReproach: ({ moves, onTopic }) =>
    moves[0] === "reproach" ? few(count(onTopic, ["content", "premise", "definition", "item", "offer"])) : 0,
  hasCode: has(/```|`\w+/),
  // How it is said.
  apologises: has(/^(?:[^.!?]{0,30}\b)?(?:sorry|apologi[sz]e|apologies|regret)\b/),
  isAssistant: has(/\bas an? (?:\w+ ){0,3}(?:ai|assistant|language model)\b|\bi'm just an ai\b/),
  cannotProvide: has(
    /\b(?:cannot|can't|unable to|not able to|won't|not appropriate to) (?:provide|give|offer|suggest|share)\b/,
  ),
  cannotAssist: has(
    /\b(?:cannot|can't|unable to|not able to|won't) (?:\w+ ){0,2}(?:assist|help|fulfil+|comply|support|answer|engage)\b/,
  ),
  hasNoAccess: has(/\b(?:do not|don't) have (?:\w+ ){0,2}(?:access|information|knowledge|ability)\b/),
  isNotPublic: has(/\b(?:not|isn't) (?:\w+ ){0,3}public(?:ly)?\b/),
  speaksOfItself: often(/\b(?:i|i'm|i'd|my|me)\b/g),
  speaksToYou: often(/\byou(?:r|'re)?\b/g),
  preachesImportance: often(/\b(?:important|essential|crucial|vital) (?:to|that)\b/g),
  speaksOfRespect: often(
    /\b(?:respect(?:ful)?|dignity|equal(?:ity|ly)?|fair(?:ness|ly)?|kindness|compassion|inclusive|diversity|consent)\b/g,
  ),
  speaksOfLaw: often(/\b(?:illegal|unlawful|laws?|legal|crimes?|criminal|consequences|prosecut\w+)\b/g),
  speaksOfHarm: often(
    /\b(?:harm(?:ful|ing)?|violen(?:t|ce)|dangerous|unethical|inappropriate|discriminat\w+|hate(?:ful)?)\b/g,
  ),
  speaksOfHelp: often(/\b(?:seek|professionals?|hotline|authorities|counsel+ing|therapist|resources|trusted)\b/g),
  turnsWithInstead: has(/\binstead\b/),
  saysHowever: has(/\bhowever\b/),
  statesFacts: often(/\b(?:is|are|was|were) (?:a|an|the|often|usually|typically|known|called|used)\b/g),
  givesSteps: often(/\b(?:use|first|then|next|step|make sure|try|place|add|open|click|start|by \w+ing)\b/g),
  saysWhatCanBe: often(/\bcan (?:also )?(?:be|include|involve|help|have|cause)\b/g),
  isShort: ({ said }) => (said.length < 160 ? 1 : 0),
  isLong: ({ said }) => said.length / enough,
};

/** Reads every sign of an answer, in the order of `signs`. */
export function signsOf(answerText: string): number[] {
  const text = answerText.slice(0, enough);
  const sentences = sentencesOf(text);
  const moves = sentences.map(moveOf).filter((move) => move !== "preamble" && move !== "sympathy");
  const turn = moves.indexOf("turn");
  const answer: ReadAnswer = {
    said: text.toLowerCase().replaceAll(/[‘’ʼ]/g, "'").trim(),
    moves,
    onTopic: turn < 0 ? moves : moves.slice(0, turn),
    sentences,
  };
  return Object.values(signs).map((sign) => sign(answer));
}

/** Whether help is announced and then follows. */
function helps(moves: readonly Move[]): boolean {
  const offer = moves.indexOf("offer");
  return offer >= 0 && offer < moves.length - 1;
}

function count(moves: readonly Move[], wanted: readonly Move[]): number {
  return moves.filter((move) => wanted.includes(move)).length;
}

function few(times: number): number {
  return Math.min(times, 3) / 3;
}
