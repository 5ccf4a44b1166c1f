import { createClient, type Client } from "#client/client.ts";
import { findConnection, type Connection } from "./connection.ts";
import { openStatusLine, type StatusLine } from "./status-line.ts";
import { paintFor, type Paint } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** What every command may be told. */
export type CommonOptions = { color: boolean; quiet?: boolean; profile?: string };

/** What a command works with. */
export type Context = { terminal: Terminal; client: Client; paint: Paint; status: StatusLine };

/** Opens the engine for a command. @throws UsageError when nobody said where it is */
export function openContext(terminal: Terminal, options: CommonOptions): Context {
  return openContextFor(terminal, options, findConnection(terminal, options.profile));
}

/** Opens an engine that is known. */
export function openContextFor(
  terminal: Terminal,
  { color, quiet = false }: CommonOptions,
  connection: Connection,
): Context {
  const paint = paintFor(terminal.stderr, terminal, color);
  const status = openStatusLine(terminal.stderr, paint, quiet);
  const client = createClient({
    ...connection,
    onRetry: ({ detail }) => status.show(`${detail}; trying again`),
  });
  return { terminal, client, paint, status };
}
