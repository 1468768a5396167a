/** Who understands members of OpenAI's own: OpenAI, and Azure, which serves its API. */
export const readBy: readonly string[] = ["openai", "azure"];
