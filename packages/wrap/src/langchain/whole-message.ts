/** The kind of the opaque part that holds a message of LangChain's, as its provider wants it back. */
export const langchainMessage = "langchain-message";
