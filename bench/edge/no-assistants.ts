/** Stands for the SDK of the Model Context Protocol in a bundle that is measured without it. */
export const createMcpHandler = undefined;
export const McpServer = undefined;
