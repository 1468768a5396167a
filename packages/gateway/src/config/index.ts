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
export { modelsFromConfig } from "./models-from-config.ts";
export { providerNames, providers } from "./providers.ts";
export type { Make, Provider, ProviderName, ProviderSettings } from "./providers.ts";
export { checkedConfig, readConfig } from "./read-config.ts";
export { runGateway } from "./run-gateway.ts";
export type { RunningGateway } from "./run-gateway.ts";
