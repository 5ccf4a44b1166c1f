import type { MceAccess, MceDeps } from "./client.ts";
import type { Answer, MceFailure } from "./failure.ts";
import { failed } from "./failure.ts";
import { aborted, exchange } from "./http.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import type { Token } from "./token.ts";
import { mintToken, tokenKey } from "./token.ts";

/** A business unit that is signed in to when needed; what SOAP and REST have in common. */
export type Session = {
  now: () => number;
  readTimeoutMs: number;
  effectTimeoutMs: number;
  /** Runs one call with a token; when MCE refuses the token, once more with a new one. */
  call<T>(call: SessionCall<T>): Promise<Answer<T>>;
};

type SessionCall<T> = {
  name: string;
  signal?: AbortSignal;
  request(token: Token): HttpRequest;
  /** `token-refused`: MCE did nothing but refuse the token (FACTS 1.4, 2.5). */
  read(answer: HttpAnswer): Answer<T> | "token-refused";
};

/** Opens the session of one business unit; nothing is sent yet. */
export function openSession(access: MceAccess, deps: MceDeps): Session {
  const key = tokenKey(access);

  const mint = () =>
    timed("AUTH token", async () => {
      const answer = await mintToken(access, deps);
      if (answer.ok) return answer;
      const message = withoutSecrets(answer.failure.message, [access.clientSecret]);
      return failed({ ...answer.failure, message });
    });

  async function timed<T>(name: string, run: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const from = deps.now();
    const answer = await run();
    const outcome = answer.ok ? "ok" : answer.failure.kind;
    const asked = !answer.ok && answer.failure.kind === "throttled" ? { waitMs: answer.failure.waitMs } : {};
    deps.onCall?.({ name, ms: deps.now() - from, outcome, ...asked });
    return answer;
  }

  async function tryOnce<T>(call: SessionCall<T>): Promise<{ token?: string; answer: Answer<T> | "token-refused" }> {
    const token = await unlessAborted(() => deps.tokens.get(key, deps.now(), mint), call);
    if (!token.ok) return { answer: token };
    let isRefused = false;
    const answer = await timed(call.name, async () => {
      const got = await exchange(deps.fetch, call.request(token.value));
      if (!got.ok) return got;
      const text = withoutSecrets(got.value.text, [token.value.accessToken, access.clientSecret]);
      const read = call.read({ ...got.value, text });
      isRefused = read === "token-refused";
      return read === "token-refused" ? refused(call.name) : read;
    });
    return { token: token.value.accessToken, answer: isRefused ? "token-refused" : answer };
  }

  return {
    now: deps.now,
    readTimeoutMs: deps.readTimeoutMs,
    effectTimeoutMs: deps.effectTimeoutMs,
    async call(call) {
      const first = await tryOnce(call);
      if (first.answer !== "token-refused") return first.answer;
      if (first.token !== undefined) deps.tokens.drop(key, first.token);
      const second = await tryOnce(call);
      return second.answer === "token-refused" ? refused(call.name) : second.answer;
    },
  };
}

function refused(name: string): { ok: false; failure: MceFailure } {
  const message = `Cannot do ${name}: MCE refuses a fresh token`;
  return failed({ kind: "unauthorized", retry: "never", message });
}

/** A shared token request goes on for the others when one caller leaves. */
async function unlessAborted<T>(
  get: () => Promise<Answer<T>>,
  { name, signal }: { name: string; signal?: AbortSignal },
): Promise<Answer<T>> {
  if (signal === undefined) return await get();
  if (signal.aborted) return aborted(name);
  const leave = new AbortController();
  const gone = new Promise<Answer<T>>((resolve) => {
    signal.addEventListener("abort", () => resolve(aborted(name)), { signal: leave.signal });
  });
  try {
    return await Promise.race([get(), gone]);
  } finally {
    leave.abort();
  }
}

/** Shorter ones are no secrets, and would tear every answer to pieces. */
const secretMinLength = 8;

/** Failures quote MCE's texts; should an answer echo a secret, it ends here, before anybody reads it. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= secretMinLength)
    .reduce((clean, secret) => clean.replaceAll(secret, "…"), text);
}
