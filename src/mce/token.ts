import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import type { MceAccess } from "./access.ts";
import type { Answer } from "./failure.ts";
import { ok } from "#lang/result.ts";

/** An access token of one business unit, and the origins it may be sent to. Times are epoch milliseconds. */
export type Token = {
  accessToken: string;
  rest: string;
  soap: string;
  /** What the token may do, by the names in `scopes.ts`; absent when MCE does not say. */
  scopes?: readonly string[];
  refreshAt: number;
  expiresAt: number;
};

type Clock = Pick<Platform, "now" | "sleep">;

/** Tokens in memory. Callers with the same key share one request. */
export type TokenCache = {
  /** Gets the token of `key`, and mints it when there is none or it is about to expire. */
  get(key: string, clock: Clock, mint: () => Promise<Answer<Token>>): Promise<Answer<Token>>;
  /** Drops a token that MCE refused, unless a newer one has replaced it. */
  drop(key: string, accessToken: string): void;
};

/**
 * After this a waiting caller mints a token itself. In a Worker the request that mints may be canceled by its client, and
 * then its promise never settles.
 */
const patienceMs = 10_000;

/** Opens an empty cache: one for each process or isolate. */
export function openTokenCache(): TokenCache {
  const tokens = new Map<string, Token>();
  const flights = new Map<string, Promise<Answer<Token>>>();

  function fly(key: string, clock: Clock, mint: () => Promise<Answer<Token>>) {
    const flight = mint()
      .then((answer) => {
        if (!answer.ok) return answer;
        const now = clock.now();
        for (const [other, token] of tokens) if (token.expiresAt <= now) tokens.delete(other);
        tokens.set(key, answer.value);
        return answer;
      })
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
    flights.set(key, flight);
    return flight;
  }

  async function get(key: string, clock: Clock, mint: () => Promise<Answer<Token>>): Promise<Answer<Token>> {
    const known = tokens.get(key);
    if (known !== undefined && clock.now() < known.refreshAt) return ok(known);
    const flight = flights.get(key);
    if (flight === undefined) return await fly(key, clock, mint);
    const shared = await deadline(clock, flight, patienceMs, () => undefined);
    if (shared !== undefined) return shared;
    // The first caller to give up takes over; the others find its request or its token.
    if (flights.get(key) === flight) flights.delete(key);
    return await get(key, clock, mint);
  }

  return {
    get,
    drop(key, accessToken) {
      if (tokens.get(key)?.accessToken === accessToken) tokens.delete(key);
    },
  };
}

/** The key of a connection and business unit. An edited connection has a new key, so it does not wait for the old token. */
export function tokenKey({ connectionId, mid, subdomain, clientId, clientSecret }: MceAccess): string {
  return JSON.stringify([connectionId, mid, subdomain, clientId, fingerprint(clientSecret)]);
}

/** Distinguishes two secrets without revealing them (FNV-1a, 32 bits). */
function fingerprint(secret: string): number {
  let hash = 0x811c9dc5;
  for (const char of secret) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
