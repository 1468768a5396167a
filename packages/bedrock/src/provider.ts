/** Who is called and billed, and whose `providerData` is read and written. */
export const provider = "bedrock";
