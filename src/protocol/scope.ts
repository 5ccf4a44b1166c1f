import { z } from "zod";

/** What a credential allows, beside who it stands for. */
export const scopes = ["runs:read", "runs:write", "runs:target", "tables:read", "mcp"] as const;

/** One of the scopes. */
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;
