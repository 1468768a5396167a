/** A variable of the environment, where there is one and it holds something. */
export function environment(name: string): string | undefined {
  const value = typeof process === "undefined" ? undefined : process.env[name]?.trim();
  return value === "" ? undefined : value;
}
