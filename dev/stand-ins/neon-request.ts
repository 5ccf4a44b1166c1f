import { z } from "zod";
import type { Question } from "./loopback-server.ts";

// What @neondatabase/serverless 1.2 sends: strings and null; other JSON is what hand-written clients send.
const Query = z.object({ query: z.string(), params: z.array(z.unknown()).default([]) });
const Body = z.union([z.object({ queries: z.array(Query) }), Query]);
const levels = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
} as const;
const Headers = z.object({
  "neon-connection-string": z.string(),
  "neon-batch-isolation-level": z
    .enum(["ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"])
    .optional(),
  "neon-batch-read-only": z.enum(["true", "false"]).optional(),
  "neon-batch-deferrable": z.enum(["true", "false"]).optional(),
});

export type NeonQuery = z.infer<typeof Query>;
export type NeonRequest = {
  user: string;
  password: string;
  database: string;
  queries: NeonQuery[];
  isBatch: boolean;
  /** `set transaction …`, or empty for Postgres' defaults. */
  transactionMode: string;
};

/** Reads a request of Neon's SQL-over-HTTP protocol; undefined for any other request. */
export function readNeonRequest({ headers, body }: Question): NeonRequest | undefined {
  const head = Headers.safeParse(headers);
  const sent = Body.safeParse(parseJson(body));
  if (!head.success || !sent.success) return undefined;
  const connection = URL.parse(head.data["neon-connection-string"]);
  if (connection === null) return undefined;
  return {
    user: decodeURIComponent(connection.username),
    password: decodeURIComponent(connection.password),
    database: decodeURIComponent(connection.pathname.slice(1)),
    queries: "queries" in sent.data ? sent.data.queries : [sent.data],
    isBatch: "queries" in sent.data,
    transactionMode: transactionMode(head.data),
  };
}

function transactionMode(head: z.infer<typeof Headers>): string {
  const level = head["neon-batch-isolation-level"];
  const modes = [
    ...(level === undefined ? [] : [`isolation level ${levels[level]}`]),
    ...(head["neon-batch-read-only"] === "true" ? ["read only"] : []),
    ...(head["neon-batch-deferrable"] === "true" ? ["deferrable"] : []),
  ];
  return modes.length === 0 ? "" : `set transaction ${modes.join(" ")};`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
