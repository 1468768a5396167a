/** The demo was started with something that it cannot work with; the message is all that a person needs. */
export class UsageError extends Error {}
