export { gatewayFromConfig } from "./gateway-from-config.ts";
export type { ConfiguredGateway } from "./gateway-from-config.ts";
export type {
  ConfiguredBudget,
  ConfiguredKey,
  ConfiguredLayer,
  ConfiguredModel,
  ConfiguredStore,
  Duration,
  GatewayConfig,
  LayerName,
} from "./gateway-config.ts";
export { loadConfig } from "./load-config.ts";
export type { ProviderName } from "./providers.ts";
export { checkedConfig, readConfig } from "./read-config.ts";
export { runGateway } from "./run-gateway.ts";
export type { RunningGateway } from "./run-gateway.ts";
