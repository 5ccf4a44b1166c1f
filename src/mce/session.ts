import type { Platform } from "#async/platform.ts";
import { abortable } from "#async/abortable.ts";
import type { MceAccess } from "./access.ts";
import type { Gate, MceCall, Passage } from "./gate.ts";
import { mintToken, tokenKey, type TokenCache, type Token } from "./token.ts";
import { failed, type Answer, type MceFailure } from "./failure.ts";
import { aborted, exchange, type HttpAnswer, type HttpRequest } from "./http.ts";

export type MceDeps = {
  platform: Pick<Platform, "fetch" | "now" | "monotonic" | "sleep" | "timeout">;
  tokens: TokenCache;
  /** What every call passes before it is sent. */
  gate: Gate;
  /** Reads the package's credentials anew when MCE refuses them; undefined where they are gone. */
  renew?: () => Promise<MceAccess | undefined>;
  /** Development only: base URL standing in for the auth, REST and SOAP hosts. */
  sandboxUrl?: string;
  /** Longest wait for tokens, Retrieve and REST. */
  readTimeoutMs: number;
  /** Longest wait for Create, Delete and Perform. */
  effectTimeoutMs: number;
  onCall?: (call: MceCall) => void;
};

/** A business unit that is signed in to when needed; what SOAP and REST have in common. */
export type Session = {
  now: () => number;
  readTimeoutMs: number;
  effectTimeoutMs: number;
  /** Runs one call with a token; when MCE refuses the token or the credentials, once more with new ones. */
  call<T>(call: SessionCall<T>): Promise<Answer<T>>;
};

type SessionCall<T> = {
  name: string;
  signal?: AbortSignal;
  request(token: Token): HttpRequest;
  /** `token-refused`: MCE did nothing but refuse the token (MCE 1.4, 2.5). */
  read(answer: HttpAnswer): Answer<T> | "token-refused";
};

/** What one exchange brought; `status` where there was an HTTP answer. */
type Exchanged<A> = { status?: number; answer: A };

/** Tokens that one call may use up. */
const tokensEach = 3;
/** A call that was at its gate and under way for less has met a fresh token; in milliseconds. */
const heldMs = 500;

/** Opens the session of one business unit; nothing is sent yet. */
export function openSession(opened: MceAccess, deps: MceDeps): Session {
  let access = opened;

  const mint = async () => {
    const name = "AUTH token";
    const passage = await deps.gate.enter({ name });
    if (!passage.ok) return passage;
    return timed<Answer<Token>>(deps, name, passage.value, async () => {
      const answer = await mintToken(access, deps);
      if (answer.ok) return { answer };
      const message = withoutSecrets(answer.failure.message, [access.clientSecret]);
      return { answer: failed({ ...answer.failure, message }) };
    });
  };

  async function tryOnce<T>(call: SessionCall<T>): Promise<{ token?: string; answer: Answer<T> | "token-refused" }> {
    const { name, signal } = call;
    if (signal?.aborted) return { answer: aborted(name) };
    // A shared token request goes on for the others when one caller leaves.
    const asked = deps.tokens.get(tokenKey(access), deps.platform, mint);
    const token = await abortable(asked, signal, () => aborted(name));
    if (!token.ok) return { answer: token };
    const passage = await deps.gate.enter(signal === undefined ? { name } : { name, signal });
    if (!passage.ok) return { answer: passage };
    const answer = await timed<Answer<T> | "token-refused">(deps, name, passage.value, async () => {
      const got = await exchange(deps.platform, call.request(token.value));
      if (!got.ok) return { answer: got };
      const { status } = got.value;
      const text = withoutSecrets(got.value.text, [token.value.accessToken, access.clientSecret]);
      return { status, answer: call.read({ ...got.value, text }) };
    });
    return { token: token.value.accessToken, answer };
  }

  /** A token that is refused is made anew. One that waited at the gate may have ended there, so it has two chances. */
  async function tryWithFreshToken<T>(call: SessionCall<T>): Promise<Answer<T>> {
    for (let left = tokensEach; left > 0; left -= 1) {
      const heldFrom = deps.platform.monotonic();
      const tried = await tryOnce(call);
      if (tried.answer !== "token-refused") return tried.answer;
      if (tried.token !== undefined) deps.tokens.drop(tokenKey(access), tried.token);
      const wasHeld = deps.platform.monotonic() - heldFrom >= heldMs;
      if (left === 2 && !wasHeld) break;
    }
    return refused(call.name);
  }

  return {
    now: () => deps.platform.now(),
    readTimeoutMs: deps.readTimeoutMs,
    effectTimeoutMs: deps.effectTimeoutMs,
    async call(call) {
      // Another call of this session may renew it meanwhile.
      const tried = access;
      const answer = await tryWithFreshToken(call);
      if (answer.ok || answer.failure.kind !== "unauthorized") return answer;
      // Somebody may have renewed the connection since it was read.
      const renewed = await deps.renew?.();
      if (renewed === undefined || tokenKey(renewed) === tokenKey(tried)) return answer;
      access = renewed;
      return await tryWithFreshToken(call);
    },
  };
}

async function timed<A extends Answer<unknown> | "token-refused">(
  { platform, onCall }: Pick<MceDeps, "platform" | "onCall">,
  name: string,
  passage: Passage,
  run: () => Promise<Exchanged<A>>,
): Promise<A> {
  const from = platform.now();
  const { status, answer } = await run();
  const call: MceCall = { name, ms: platform.now() - from, ...outcomeOf(answer) };
  if (status !== undefined) call.status = status;
  passage(call);
  onCall?.(call);
  return answer;
}

function outcomeOf(answer: Answer<unknown> | "token-refused"): Pick<MceCall, "outcome" | "waitMs"> {
  if (answer === "token-refused") return { outcome: "unauthorized" };
  if (answer.ok) return { outcome: "ok" };
  const { failure } = answer;
  return { outcome: failure.kind, ...(failure.kind === "throttled" && { waitMs: failure.waitMs }) };
}

function refused(name: string): { ok: false; failure: MceFailure } {
  const message = `Cannot do ${name}: MCE refuses a fresh token`;
  return failed({ kind: "unauthorized", retry: "never", message });
}

/** Shorter ones are no secrets, and would tear every answer to pieces. */
const secretMinLength = 8;

/** Failures quote MCE's texts; should an answer echo a secret, it ends here, before anybody reads it. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= secretMinLength)
    .reduce((clean, secret) => clean.replaceAll(secret, "…"), text);
}
