/**
 * A variable of the environment, without blanks around it; `undefined` where it is not set, or empty, or there is no environment.
 *
 * @example
 * const region = environment("AWS_REGION") ?? "us-east-1";
 */
export function environment(name: string): string | undefined {
  const value = typeof process === "undefined" ? undefined : process.env[name]?.trim();
  return value === "" ? undefined : value;
}
