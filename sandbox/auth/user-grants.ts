import { createHash, randomBytes } from "node:crypto";

/** What a user allowed an app: who, for which business unit, and with which scopes. */
export type Consent = {
  clientId: string;
  eid: number;
  mid: number;
  user: string;
  scopes: readonly string[];
};

type Code = { consent: Consent; redirectUri: string; challenge: string | undefined; expiresAt: number };
type Refresh = { consent: Consent; expiresAt: number; firstUsedAt?: number };

type Redeemed = { kind: "fine"; consent: Consent } | { kind: "refused"; why: string };

/** Authorization codes and refresh tokens in circulation. */
export type UserGrants = {
  code(code: Code): string;
  redeem(
    code: string,
    given: { clientId: string; redirectUri: string; verifier: string | undefined },
    now: number,
  ): Redeemed;
  refreshToken(consent: Consent, now: number): string;
  /** Whose a refresh token is, without taking it. */
  peek(token: string): Consent | undefined;
  /** Takes a refresh token; it may be taken again for `graceMs` (MCE 1.3). */
  refresh(token: string, clientId: string, now: number, graceMs: number): Redeemed;
  /** All refresh tokens and codes that were given out and not revoked. */
  all(): string[];
  revoke(clientId: string | undefined): void;
};

/** Lifetimes of MCE 9. */
export const codeLifeMs = 5 * 60_000;
const refreshLifeMs = 30 * 86_400_000;

const opaque = () => randomBytes(48).toString("base64url");
const refused = (why: string): Redeemed => ({ kind: "refused", why });

/** Opens an empty set. */
export function openUserGrants(): UserGrants {
  const codes = new Map<string, Code>();
  const refreshes = new Map<string, Refresh>();
  return {
    code: (code) => {
      const text = opaque();
      codes.set(text, code);
      return text;
    },
    redeem: (text, { clientId, redirectUri, verifier }, now) => {
      const code = codes.get(text);
      codes.delete(text);
      if (code === undefined || code.consent.clientId !== clientId)
        return refused("The authorization code is invalid.");
      if (code.expiresAt <= now) return refused("The authorization code has expired.");
      if (code.redirectUri !== redirectUri)
        return refused("The redirect_uri is not the one of the authorization request.");
      if (code.challenge === undefined) return { kind: "fine", consent: code.consent };
      const proof = createHash("sha256")
        .update(verifier ?? "")
        .digest("base64url");
      return proof === code.challenge
        ? { kind: "fine", consent: code.consent }
        : refused("The code_verifier does not match the code_challenge.");
    },
    refreshToken: (consent, now) => {
      const text = opaque();
      refreshes.set(text, { consent, expiresAt: now + refreshLifeMs });
      return text;
    },
    peek: (text) => refreshes.get(text)?.consent,
    refresh: (text, clientId, now, graceMs) => {
      const found = refreshes.get(text);
      if (found === undefined || found.consent.clientId !== clientId || found.expiresAt <= now) {
        return refused("The refresh token is invalid or has expired.");
      }
      if (found.firstUsedAt !== undefined && now >= found.firstUsedAt + graceMs)
        return refused("The refresh token was used before.");
      found.firstUsedAt ??= now;
      return { kind: "fine", consent: found.consent };
    },
    all: () => [...codes.keys(), ...refreshes.keys()],
    revoke: (clientId) => {
      for (const [text, { consent }] of codes)
        if (clientId === undefined || consent.clientId === clientId) codes.delete(text);
      for (const [text, { consent }] of refreshes)
        if (clientId === undefined || consent.clientId === clientId) refreshes.delete(text);
    },
  };
}
