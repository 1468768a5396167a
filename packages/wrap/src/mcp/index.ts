export type { McpClient, McpClientV2, McpRequestOptions, McpTool, McpToolPage } from "./mcp-client.ts";
export { mcpTools } from "./mcp-tools.ts";
export type { McpTools, McpToolsOptions, ServerTool } from "./mcp-tools.ts";
