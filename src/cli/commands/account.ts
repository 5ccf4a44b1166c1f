import type { Client } from "#client/client.ts";
import type { Scope } from "#client/account-types.ts";
import { readJson } from "#lang/json.ts";
import { nameOf, openAccount } from "../account.ts";
import type { CommonOptions } from "../context.ts";
import { gridOf, print, type Format } from "../format/print.ts";
import { say, write, type Terminal } from "../terminal.ts";

type Flags = CommonOptions & { format?: Format };

/** `sqe whoami`: who calls, where, and with what. */
export async function whoami(terminal: Terminal, flags: Flags): Promise<void> {
  const { client, token, url, from } = openAccount(terminal, flags);
  const me = await client.me();
  const until = await endOf(client, token);
  const facts = {
    user: nameOf(me),
    tenant: me.tenant.name,
    businessUnit: me.businessUnit.mid,
    scopes: me.scopes.join(" "),
    until,
    from,
    url,
  };
  const isForPerson = (flags.format ?? (terminal.stdout.isTTY ? "table" : "ndjson")) === "table";
  const grid = isForPerson
    ? gridOf(Object.entries(facts), { what: ([what]) => what, value: ([, value]) => value })
    : gridOf([facts], Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, () => value])));
  const answer = { ...me, url, credential: { from, ...(until !== undefined && { expiresAt: until }) } };
  await print(terminal, { answer, grid }, flags.format);
}

/** `sqe keys`: lists your API keys. */
export async function keys(terminal: Terminal, flags: Flags): Promise<void> {
  const { client } = openAccount(terminal, flags);
  const answer = await client.keys();
  const grid = gridOf(answer.keys, {
    id: ({ id }) => id,
    name: ({ name }) => name,
    scopes: ({ scopes }) => scopes.join(" "),
    createdAt: ({ createdAt }) => createdAt,
    lastUsedAt: ({ lastUsedAt }) => lastUsedAt,
    expiresAt: ({ expiresAt }) => expiresAt,
  });
  await print(terminal, { answer, grid }, flags.format);
}

/** `sqe keys create`: makes an API key, and prints it this once. */
export async function createKey(
  terminal: Terminal,
  name: string,
  { scopes, days, ...flags }: CommonOptions & { scopes?: readonly Scope[]; days?: number },
): Promise<void> {
  const { client } = openAccount(terminal, flags);
  const wanted = { name, ...(scopes && { scopes }), ...(days !== undefined && { expiresInDays: days }) };
  const made = await client.createKey(wanted);
  await write(terminal.stdout, `${made.key}\n`);
  if (!flags.quiet)
    await say(
      terminal,
      `Key ${made.id} may do ${made.scopes.join(", ")} until ${made.expiresAt}; nobody can show it again`,
    );
}

/** `sqe keys revoke`: ends an API key. */
export async function revokeKey(terminal: Terminal, id: string, flags: CommonOptions): Promise<void> {
  const { client } = openAccount(terminal, flags);
  await client.revokeKey(id);
  if (!flags.quiet) await say(terminal, `Key ${id} is revoked; it ends within half a minute`);
}

/** When a credential ends, as far as it can be told: the list of keys knows, or the token itself says so. */
async function endOf({ keys: list }: Pick<Client, "keys">, token: string): Promise<string | undefined> {
  const [, id] = /^sqe_[a-z]+_([0-9A-Za-z]{8})_/.exec(token) ?? [];
  if (id !== undefined) return (await list()).keys.find((it) => it.id === id)?.expiresAt;
  const claims = readJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { exp?: unknown } | null;
  return typeof claims?.exp === "number" ? new Date(claims.exp * 1000).toISOString() : undefined;
}
