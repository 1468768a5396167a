export { undiciTransport } from "./undici-transport.ts";
export type { UndiciTransport, UndiciTransportOptions } from "./undici-transport.ts";
