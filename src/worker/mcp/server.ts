import { version } from "#protocol/version.ts";
import type { RunView } from "#run/view.ts";
import type { ToolContext, Tool } from "./tools.ts";

/** What a client tells the model before it has called anything. */
const instructions = [
  "Runs SELECTs in Salesforce Marketing Cloud Engagement, in its dialect of T-SQL: one SELECT, no variables, no temporary tables.",
  "Look tables up first (list_tables, describe_table), check a query (check_sql), then run it (run_sql).",
  "A run holds at most 2,500 rows and a page 50: count and group in SQL instead of reading many pages.",
  "Empty texts are null. Dates without an offset have no proven zone; Marketing Cloud's own time is UTC-6.",
].join("\n");

/** Serves one request of the protocol with these tools; keeps nothing between requests. */
export async function serveMcp(
  request: Request,
  parsedBody: unknown,
  tools: readonly Tool[],
  context: Omit<ToolContext, "tell" | "signal">,
  onCall: (tool: string) => void,
): Promise<Response> {
  // Only who asks for it pays for it: it prepares its schemas when it is loaded.
  const { createMcpHandler, McpServer } = await import("@modelcontextprotocol/server");
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: "shell-query-engine", version }, { instructions });
      for (const tool of tools) {
        const { name, title, description, input, hints } = tool;
        server.registerTool(
          name,
          { title, description, inputSchema: input, annotations: hints },
          async (args, { mcpReq }) => {
            onCall(name);
            const token = mcpReq._meta?.progressToken;
            let progress = 0;
            const tell = async ({ status, phase }: RunView) => {
              if (token === undefined) return;
              progress += 1;
              await mcpReq.notify({
                method: "notifications/progress",
                params: { progressToken: token, progress, message: phase ?? status },
              });
            };
            return tool.answer({ ...context, tell, signal: mcpReq.signal }, args);
          },
        );
      }
      return server;
    },
    // Tools never change while the Worker runs, so there is nothing to subscribe to.
    { maxSubscriptions: 0 },
  );
  return handler.fetch(request, { parsedBody });
}
