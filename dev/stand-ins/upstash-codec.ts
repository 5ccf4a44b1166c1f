/** What ioredis answers to a command sent as buffers. */
export type Reply = string | number | bigint | null | Buffer | Error | Reply[] | { [field: string]: Reply };

/**
 * Prints a Redis reply as Upstash's REST protocol does: strings in UTF-8, or in base64 when the client asked for it.
 * The client makes a map of a hash, and it becomes a list again.
 */
export function encodeReply(reply: Reply, asBase64: boolean): unknown {
  if (reply === null || typeof reply === "number") return reply;
  if (typeof reply === "bigint") return Number(reply);
  if (reply instanceof Error) return { error: reply.message };
  if (Buffer.isBuffer(reply)) return reply.toString(asBase64 ? "base64" : "utf8");
  if (Array.isArray(reply)) return reply.map((item) => encodeReply(item, asBase64));
  if (typeof reply === "object") return encodeReply(Object.entries(reply).flat(), asBase64);
  return asBase64 ? Buffer.from(reply).toString("base64") : reply;
}

/** Prints a command's parts as Redis takes them: objects as JSON, as Upstash does. */
export function commandWords(command: readonly unknown[]): string[] {
  return command.map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
}

// Commands that need a connection of their own; Upstash answers the same way.
const unfit = new Set([
  "auth", "blmove", "blmpop", "blpop", "brpop", "bzmpop", "bzpopmax", "bzpopmin", "client", "debug", "discard", "exec",
  "hello", "monitor", "multi", "psubscribe", "quit", "reset", "select", "shutdown", "ssubscribe", "subscribe", "sync",
  "unwatch", "wait", "watch",
]); // prettier-ignore

/** Whether a command would block or change the connection that all requests share. */
export function isUnfit([name, ...rest]: readonly string[]): boolean {
  if (name === undefined || unfit.has(name.toLowerCase())) return true;
  return /^xread(group)?$/i.test(name) && rest.some((word) => /^block$/i.test(word));
}
