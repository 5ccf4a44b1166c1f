import { given } from "#lang/given.ts";
import type { Handoff, HandoffAnswer } from "./account-types.ts";
import type { Cancelable } from "./cancelable.ts";
import { ask, type Api } from "./request.ts";

/** Signing in a program without a browser: a tab elsewhere confirms its code. These calls need no token. */
export type HandoffCalls = {
  /** Begins a sign-in; show the person its code and its address. */
  openHandoff(options?: Cancelable): Promise<Handoff>;
  /** Asks whether the person has confirmed it. More than five times a minute is refused; the key comes once. */
  pollHandoff(handoff: Pick<Handoff, "id" | "secret">, options?: Cancelable): Promise<HandoffAnswer>;
};

/** Opens the calls of a hand-off. */
export function handoffCalls(api: Api): HandoffCalls {
  const post = <T>(path: string, body: object, { signal }: Cancelable = {}): Promise<T> =>
    ask(api, { method: "POST", path, body, ...given({ signal }) });
  return {
    openHandoff: (options) => post("/auth/handoffs", { kind: "cli" }, options),
    pollHandoff: ({ id, secret }, options) => post(`/auth/handoffs/${encodeURIComponent(id)}`, { secret }, options),
  };
}
