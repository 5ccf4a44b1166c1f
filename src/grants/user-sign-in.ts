import { err, ok } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { Database } from "#db/database.ts";
import { endLease, keepRefreshed, readGrantState, takeLease, type GrantPlace, type Leased } from "#db/grants.ts";
import type { Vault } from "#db/vault.ts";
import { unavailable, type Answer, type MceFailure } from "#mce/failure.ts";
import type { SignIn } from "#mce/session.ts";
import type { Granted } from "#mce/token-request.ts";
import type { Token } from "#mce/token.ts";

export type GrantDeps = {
  db: () => Promise<Database>;
  vault: () => Promise<Vault>;
  platform: Pick<Platform, "now" | "sleep" | "timeout" | "uuid">;
};

type Send = Parameters<SignIn>[2];

/** The lease lasts 30 s, and the request itself may take 15 s of them. */
const queuedMs = 10_000;
/** Longer than a lease: a process that died with one is outlived. */
const patienceMs = 35_000;
const pauseMs = 300;
const writes = 3;

/**
 * Gets tokens of a person's grant. All processes share one. A process that needs a new one takes a lease on the grant's row
 * first; the others wait and read the row again (D52).
 *
 * @returns `unauthorized` when Marketing Cloud takes the grant no more, or there is none: the person has to sign in again
 */
export function userSignIn(deps: GrantDeps, grant: { tenantId: string; grantId: string }): SignIn {
  return async ({ mid }, refused, send) => {
    const at = { ...grant, mid };
    const giveUpAt = deps.platform.now() + patienceMs;
    for (;;) {
      const answer = await tryOnce(deps, at, refused, send).catch(() =>
        unavailable("none", "Cannot read the sign-in: Postgres does not answer"),
      );
      if (answer !== "busy") return answer;
      if (deps.platform.now() > giveUpAt)
        return unavailable("none", "Cannot renew the sign-in: another process is at it");
      await deps.platform.sleep(pauseMs);
    }
  };
}

async function tryOnce(
  deps: GrantDeps,
  at: GrantPlace,
  refused: string | undefined,
  send: Send,
): Promise<Answer<Token> | "busy"> {
  const [db, vault] = await Promise.all([deps.db(), deps.vault()]);
  const state = await readGrantState(db, vault, at);
  if (state === undefined || state.isRevoked) return signInAgain("the sign-in has ended");
  const { token } = state;
  if (token !== undefined && token.accessToken !== refused && deps.platform.now() < token.refreshAt) return ok(token);
  const owner = deps.platform.uuid();
  const leased = await takeLease(db, vault, at, { owner, seen: state.version });
  if (leased === undefined) return "busy";
  return refresh(deps, { db, vault, at, owner }, leased, send);
}

type Lease = { db: Database; vault: Vault; at: GrantPlace; owner: string };

async function refresh(deps: GrantDeps, lease: Lease, { refreshTokens }: Leased, send: Send): Promise<Answer<Token>> {
  let refusal: MceFailure | undefined;
  for (const sent of refreshTokens) {
    const granted = await send(sent, deps.platform.timeout(queuedMs));
    if (granted.ok) return keep(deps, lease, sent, granted.value);
    if (!isRefused(granted.error)) {
      await endLease(lease.db, lease.at, { owner: lease.owner, isRevoked: false });
      return granted.error.kind === "aborted" ? unavailable("none", granted.error.message) : granted;
    }
    refusal = granted.error;
  }
  await endLease(lease.db, lease.at, { owner: lease.owner, isRevoked: true });
  return signInAgain(refusal?.message ?? "there is no refresh token");
}

/** A token that is not written down is lost to all when this process ends, so writing is tried again. */
async function keep(
  { platform }: GrantDeps,
  { db, vault, at, owner }: Lease,
  sent: string,
  { token, refreshToken = sent }: Granted,
): Promise<Answer<Token>> {
  for (let left = writes; left > 0; left -= 1) {
    const isAnswered = await keepRefreshed(db, vault, at, { owner, sent, refreshToken, token }).then(
      () => true,
      () => false,
    );
    if (isAnswered) break;
    await platform.sleep(pauseMs);
  }
  return ok(token);
}

/** What Marketing Cloud says of a grant itself, not of the package or the business unit (MCE 1.4). */
function isRefused(failure: MceFailure): boolean {
  const codes = ["invalid_grant", "invalid_token", "access_denied"];
  return failure.kind === "unauthorized" && codes.includes(failure.oauth ?? "");
}

function signInAgain(why: string): Answer<never> {
  return err({ kind: "unauthorized", retry: "never", message: `Sign in to Marketing Cloud again: ${why}` });
}
