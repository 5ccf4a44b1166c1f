import { given } from "#lang/given.ts";
import { err, ok, type Err } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import { abortable } from "#async/abortable.ts";
import type { MceAccess } from "./access.ts";
import type { Gate, MceCall, Passage } from "./gate.ts";
import { requestToken, type Granted } from "./token-request.ts";
import { tokenKey, type TokenCache, type Token } from "./token.ts";
import type { Answer, MceFailure } from "./failure.ts";
import { aborted, exchange, type HttpAnswer, type HttpRequest } from "./http.ts";

export type MceDeps = {
  platform: Pick<Platform, "fetch" | "now" | "monotonic" | "sleep" | "timeout">;
  tokens: TokenCache;
  /** Every call passes it before it is sent. */
  gate: Gate;
  /** Reads the package's credentials again when MCE refuses them; undefined when they are gone. */
  renew?: () => Promise<MceAccess | undefined>;
  /** Gets tokens for a person; absent: the package signs in by itself. */
  signIn?: SignIn;
  /** Development only: base URL that replaces the auth, REST and SOAP hosts. */
  sandboxUrl?: string;
  /** Longest wait for tokens, Retrieve and REST. */
  readTimeoutMs: number;
  /** Longest wait for Create, Delete and Perform. */
  effectTimeoutMs: number;
  onCall?: (call: MceCall) => void;
};

/**
 * Gets a token of a person's own.
 *
 * @param refused a token that MCE has just refused; another one is needed
 * @param send asks MCE with a refresh token; passes the gate
 */
export type SignIn = (
  access: MceAccess,
  refused: string | undefined,
  send: (refreshToken: string, signal?: AbortSignal) => Promise<Answer<Granted>>,
) => Promise<Answer<Token>>;

/** A business unit that is signed in to on demand. SOAP and REST share it. */
export type Session = {
  now: () => number;
  readTimeoutMs: number;
  effectTimeoutMs: number;
  /** Gets a token, and makes no other call. */
  signIn(): Promise<Answer<unknown>>;
  /** Makes one call with a token, and once more with a new one when MCE refuses the token or the credentials. */
  call<T>(call: SessionCall<T>): Promise<Answer<T>>;
};

type SessionCall<T> = {
  name: string;
  signal?: AbortSignal;
  /** Asked right before each sending. When it says no, nothing is sent, and the answer is `aborted`. */
  mayBeSent?: () => boolean;
  request(token: Token): HttpRequest;
  /** `token-refused`: MCE refused the token and did nothing else (MCE 1.4, 2.5). */
  read(answer: HttpAnswer): Answer<T> | "token-refused";
};

/** The result of one exchange; `status` if there was an HTTP answer. */
type Exchanged<A> = { status?: number; answer: A };

/** How many tokens one call may try. */
const tokensEach = 3;
/** A call that took less than this, with its wait at the gate, had a fresh token. */
const heldMs = 500;

/** Opens the session of one business unit. Sends nothing. */
export function openSession(opened: MceAccess, deps: MceDeps): Session {
  let access = opened;
  let refused: string | undefined;

  const send = (refreshToken?: string, signal?: AbortSignal) => askForToken(access, deps, refreshToken, signal);

  const mint = async (): Promise<Answer<Token>> => {
    if (deps.signIn !== undefined) return deps.signIn(access, refused, send);
    const granted = await send();
    return granted.ok ? ok(granted.value.token) : granted;
  };

  async function tryOnce<T>(call: SessionCall<T>): Promise<{ token?: string; answer: Answer<T> | "token-refused" }> {
    const { name, signal } = call;
    if (signal?.aborted) return { answer: aborted(name) };
    // A shared token request goes on for other callers when one leaves.
    const asked = deps.tokens.get(tokenKey(access), deps.platform, mint);
    const token = await abortable(asked, signal, () => aborted(name));
    if (!token.ok) return { answer: token };
    const passage = await deps.gate.enter(signal === undefined ? { name } : { name, signal });
    if (!passage.ok) return { answer: passage };
    if (call.mayBeSent?.() === false) {
      passage.value({ name, ms: 0, outcome: "aborted" });
      return { answer: aborted(name) };
    }
    const exchangeOnce = async (): Promise<Exchanged<Answer<T> | "token-refused">> => {
      const got = await exchange(deps.platform, call.request(token.value));
      if (!got.ok) return { answer: got };
      const { status } = got.value;
      const text = withoutSecrets(got.value.text, [token.value.accessToken, access.clientSecret]);
      return { status, answer: call.read({ ...got.value, text }) };
    };
    const answer = await timed(deps, name, passage.value, exchangeOnce);
    return { token: token.value.accessToken, answer };
  }

  /** Replaces a refused token. A token may have expired while its call waited at the gate, so such a call has two more tries. */
  async function tryWithFreshToken<T>(call: SessionCall<T>): Promise<Answer<T>> {
    for (let left = tokensEach; left > 0; left -= 1) {
      const heldFrom = deps.platform.monotonic();
      const tried = await tryOnce(call);
      if (tried.answer !== "token-refused") return tried.answer;
      if (tried.token !== undefined) deps.tokens.drop(tokenKey(access), tried.token);
      refused = tried.token ?? refused;
      const wasHeld = deps.platform.monotonic() - heldFrom >= heldMs;
      if (left === 2 && !wasHeld) break;
    }
    return refusal(call.name);
  }

  return {
    now: () => deps.platform.now(),
    readTimeoutMs: deps.readTimeoutMs,
    effectTimeoutMs: deps.effectTimeoutMs,
    signIn: () => deps.tokens.get(tokenKey(access), deps.platform, mint),
    async call(call) {
      // Another call of this session may renew it in the meantime.
      const tried = access;
      const answer = await tryWithFreshToken(call);
      if (answer.ok || answer.error.kind !== "unauthorized") return answer;
      // A user may have renewed the connection since it was read.
      const renewed = await deps.renew?.();
      if (renewed === undefined || tokenKey(renewed) === tokenKey(tried)) return answer;
      access = renewed;
      return await tryWithFreshToken(call);
    },
  };
}

/** Asks for a token, of a person when there is a refresh token. Passes the gate. */
async function askForToken(
  access: MceAccess,
  deps: MceDeps,
  refreshToken?: string,
  signal?: AbortSignal,
): Promise<Answer<Granted>> {
  const name = "AUTH token";
  const passage = await deps.gate.enter({ name, ...given({ signal }) });
  if (!passage.ok) return passage;
  const askOnce = async (): Promise<Exchanged<Answer<Granted>>> => {
    const answer = await requestToken(access, deps, refreshToken);
    if (answer.ok) return { answer };
    const message = withoutSecrets(answer.error.message, [access.clientSecret, refreshToken ?? ""]);
    return { answer: err({ ...answer.error, message }) };
  };
  return timed(deps, name, passage.value, askOnce);
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
  const { error: failure } = answer;
  return { outcome: failure.kind, ...(failure.kind === "throttled" && { waitMs: failure.waitMs }) };
}

function refusal(name: string): Err<MceFailure> {
  const message = `Cannot do ${name}: MCE refuses a fresh token`;
  return err({ kind: "unauthorized", retry: "never", message });
}

/** A shorter one is not a secret, and removing it would spoil every answer. */
const secretMinLength = 8;

/** Removes secrets from an answer before it is read, because failures quote MCE's texts. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= secretMinLength)
    .reduce((clean, secret) => clean.replaceAll(secret, "…"), text);
}
