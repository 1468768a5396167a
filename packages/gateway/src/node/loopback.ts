/** Whether an address to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Whether a client asks for this machine by one of its own names: `localhost:8787`, `[::1]:8787`. */
export function loopbackHost(header: string | undefined): boolean {
  const host = header?.replace(/:\d+$/, "").replace(/^\[|\]$/g, "").toLowerCase();
  return host !== undefined && isLoopback(host);
}
