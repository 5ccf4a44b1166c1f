import { createClient, type Client } from "#client/client.ts";
import { findConnection } from "./connection.ts";
import { openStatusLine, type StatusLine } from "./status-line.ts";
import { paintFor, type Paint } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** What every command may be told. */
export type CommonOptions = { color: boolean; quiet?: boolean };

/** What a command works with. */
export type Context = { terminal: Terminal; client: Client; paint: Paint; status: StatusLine };

/** Opens the engine for a command. @throws UsageError when nobody said where it is */
export function openContext(terminal: Terminal, { color, quiet = false }: CommonOptions): Context {
  const paint = paintFor(terminal.stderr, terminal, color);
  const status = openStatusLine(terminal.stderr, paint, quiet);
  const client = createClient({
    ...findConnection(terminal),
    onRetry: ({ detail }) => status.show(`${detail}; trying again`),
  });
  return { terminal, client, paint, status };
}
