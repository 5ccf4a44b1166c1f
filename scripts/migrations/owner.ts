import { Client } from "pg";

/**
 * Opens a session of the database's owner.
 *
 * @param given the value of DATABASE_OWNER_URL
 * @param action what cannot be done without it, such as `migrate`
 * @throws in one line without the password, when it is not the owner's direct URL or the database does not answer
 */
export async function connectAsOwner(given: string | undefined, action: string): Promise<Client> {
  const client = new Client({ connectionString: readOwnerUrl(given, action) });
  await client.connect().catch((error: unknown) => {
    // When several addresses refuse, the error has no text.
    const { message, code } = error as Error & { code?: string };
    throw new Error(`Cannot reach the database of DATABASE_OWNER_URL: ${message || code}`, { cause: error });
  });
  return client;
}

/**
 * Returns the URL of the database as its owner.
 *
 * @throws when it is absent, not a Postgres URL, or that of Neon's pooler, which keeps no session, so that neither lock
 *   nor transaction would hold
 */
function readOwnerUrl(given: string | undefined, action: string): string {
  const url = URL.parse(given ?? "");
  if (given === undefined || url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error(`Cannot ${action}: DATABASE_OWNER_URL is missing or not a postgres:// URL`);
  }
  if (/-pooler\./.test(url.hostname)) {
    throw new Error(`Cannot ${action}: DATABASE_OWNER_URL is the pooler's URL; use the direct one, without -pooler`);
  }
  return given;
}
