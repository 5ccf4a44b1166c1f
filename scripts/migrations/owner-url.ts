/**
 * Returns the URL of the database as its owner.
 *
 * @throws when it is absent, not a Postgres URL, or that of Neon's pooler, which keeps no session, so that neither lock
 *   nor transaction would hold
 */
export function readOwnerUrl(given: string | undefined): string {
  const url = URL.parse(given ?? "");
  if (given === undefined || url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error("Cannot migrate: DATABASE_OWNER_URL is missing or not a postgres:// URL");
  }
  if (/-pooler\./.test(url.hostname)) {
    throw new Error("Cannot migrate: DATABASE_OWNER_URL is the pooler's URL; use the direct one, without -pooler");
  }
  return given;
}
