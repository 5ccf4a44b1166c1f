import { findApiKey, noteKeyUse, type FoundKey } from "#db/api-keys.ts";
import type { Database } from "#db/database.ts";
import { keptFor } from "#lang/kept-for.ts";
import { cacheTtlMs } from "./revocation.ts";

/** API keys as Postgres has them, which is not asked for each request. */
export type KnownKeys = {
  /**
   * Finds a key by id and SHA-256, and notes its use; also one that is expired or revoked.
   *
   * @param defer takes what need not be waited for
   */
  find(keyId: string, hash: string, defer: (work: Promise<unknown>) => void): Promise<FoundKey | undefined>;
  /** Asks Postgres the next time, because a key has changed. */
  forget(keyId: string): void;
};

/** A use is written once a minute at most. */
const noteMs = 60_000;
const keysMax = 1000;

/** Opens the keys of one isolate. */
export function openKnownKeys(system: Database, app: () => Promise<Database>, now: () => number): KnownKeys {
  const kept = keptFor<FoundKey>(cacheTtlMs, now, { max: keysMax, weightOf: () => 1 });
  return {
    forget: (keyId) => kept.forget(`${keyId}/`),
    async find(keyId, hash, defer) {
      const known = kept.get(`${keyId}/${hash}`);
      if (known !== undefined) return known;
      const found = await findApiKey(system, keyId, hash);
      if (found === undefined) return undefined;
      kept.set(`${keyId}/${hash}`, found);
      const { lastUsedAt, tenantId } = found;
      const isNoted = lastUsedAt !== undefined && now() - lastUsedAt < noteMs;
      // It is only shown; a key works without.
      if (!isNoted)
        defer(
          app()
            .then((db) => noteKeyUse(db, tenantId, keyId))
            .catch(() => undefined),
        );
      return found;
    },
  };
}
