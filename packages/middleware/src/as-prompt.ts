import type { Prompt, Question } from "@plugboard/core";

/** Whether it is asked of a chat model. */
export function isPrompt(question: Question): question is Prompt {
  return "messages" in question;
}

/**
 * A question of any kind as a prompt that counts no fewer tokens: each text to embed is a message, and each document to rank one beside
 * the query, since a model reads them in pairs.
 */
export function asPrompt(question: Question): Prompt {
  if (isPrompt(question)) return question;
  const texts =
    "values" in question ? question.values : question.documents.map((document) => `${question.query}\n${document}`);
  return {
    messages: texts.map((content) => ({ role: "user", content })),
    ...(question.providerOptions && { providerOptions: question.providerOptions }),
  };
}
