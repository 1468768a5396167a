import type { GatewayServer } from "../node/serve-options.ts";
import { gatewayFromConfig } from "./gateway-from-config.ts";
import { loadConfig } from "./load-config.ts";

/** A gateway that runs until the process is told to end. */
export interface RunningGateway {
  readonly server: GatewayServer;
  /** Resolves once it has been told to end (SIGTERM, SIGINT, `stop`), what was under way is over, and its store is closed. */
  readonly ended: Promise<void>;
  /** Tells it to end. */
  stop(): void;
}

/**
 * Runs the gateway of a configuration file until SIGTERM or SIGINT, and then lets what is under way end.
 *
 * @throws {ModelError} what is wrong with the file, its models, its store or its address
 * @example
 * const { server, ended } = await runGateway("plugboard.yaml");
 * console.error(`listening on ${server.url}`);
 * await ended;
 */
export async function runGateway(path: string): Promise<RunningGateway> {
  const { gateway, listen, grace, close } = await gatewayFromConfig(await loadConfig(path));
  let server: GatewayServer;
  try {
    server = await gateway.serve(listen);
  } catch (error) {
    await close();
    throw error;
  }

  const stopping = Promise.withResolvers<void>();
  const stop = (): void => stopping.resolve();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const ended = stopping.promise.then(async () => {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
    await server.drain({ grace });
    await close();
  });
  return { server, ended, stop };
}
