/** What the settings of a request are called at Cohere that differ in name alone. https://docs.cohere.com/reference/chat */
export const settingNames = {
  temperature: "temperature",
  topP: "p",
  topK: "k",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  seed: "seed",
} as const;

/** What Cohere takes of them; elsewhere the nearest is sent. */
export const ranges: { readonly [Name in keyof typeof settingNames]: readonly [least: number, most: number] } = {
  temperature: [0, 1],
  topP: [0.01, 0.99],
  topK: [0, 500],
  presencePenalty: [0, 1],
  frequencyPenalty: [0, 1],
  seed: [0, Number.MAX_SAFE_INTEGER],
};
