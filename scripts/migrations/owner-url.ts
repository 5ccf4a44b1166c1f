/**
 * Reads the address of the database as its owner.
 *
 * @throws when it is absent, no address of Postgres, or that of Neon's pooler, which keeps no session: neither lock nor
 *   transaction would hold
 */
export function readOwnerUrl(given: string | undefined): string {
  const url = URL.parse(given ?? "");
  if (given === undefined || url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error("Cannot migrate: DATABASE_OWNER_URL is missing or no postgres:// address");
  }
  if (/-pooler\./.test(url.hostname)) {
    throw new Error("Cannot migrate: DATABASE_OWNER_URL is the pooler's address; take the direct one, without -pooler");
  }
  return given;
}
