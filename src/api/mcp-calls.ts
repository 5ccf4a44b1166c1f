import { z } from "zod";
import { call } from "./call.ts";

/** `POST /mcp`. */
export const callMcp = call({
  method: "post",
  path: "/mcp",
  tag: "Assistants",
  summary: "Model Context Protocol, stateless: tools for an assistant to check and run SQL",
  description:
    "For clients of the protocol, revisions 2025-03-26 to 2026-07-28. The tools are calls of this API with the same credential. Off for a tenant until its administrator turns it on; what then goes to somebody's model is told in `docs/mcp.md`. What is wrong with a message is answered as the protocol says, also with 400, 406 and 415.",
  access: "mcp",
  body: z.union([z.looseObject({ jsonrpc: z.literal("2.0") }), z.array(z.unknown()).min(1)]).meta({
    description: "A message of JSON-RPC, or several",
  }),
  answers: {
    200: {
      description: "The answer to a request. It may come as an event stream, with progress before it",
      body: z.looseObject({ jsonrpc: z.literal("2.0") }),
    },
    202: { description: "A notification was taken" },
  },
  problems: {
    INVALID_JSON: true,
    INVALID_BODY: "not a message of JSON-RPC",
    TOO_LARGE: "over 1,000,000 bytes",
    FORBIDDEN: "the tenant has assistants turned off; or a page of another origin",
  },
});
