import { given } from "#lang/given.ts";
import type { ApiKey, NewApiKey, Scope, ShortLivedToken } from "./account-types.ts";
import type { Cancelable } from "./cancelable.ts";
import { ask, send, type Api } from "./request.ts";
import type { Me } from "./schema-types.ts";

/** Who calls, and with what. */
export type AccountCalls = {
  /** Who calls, where, and what is allowed. */
  me(options?: Cancelable): Promise<Me>;
  /** Lists your API keys, newest first. */
  keys(options?: Cancelable): Promise<{ keys: readonly ApiKey[] }>;
  /** Makes an API key. A try whose answer was lost may have made one, too: the list shows it. */
  createKey(
    wanted: { name: string; scopes?: readonly Scope[]; expiresInDays?: number },
    options?: Cancelable,
  ): Promise<NewApiKey>;
  /** Revokes an API key by its id. */
  revokeKey(id: string, options?: Cancelable): Promise<void>;
  /** Makes a token of 15 minutes that allows no more than you may, for a page of somebody else's. */
  createToken(wanted?: { scopes?: readonly Scope[]; runId?: string }, options?: Cancelable): Promise<ShortLivedToken>;
};

/** Opens the calls about the caller. */
export function accountCalls(api: Api): AccountCalls {
  const signalOf = ({ signal }: Cancelable = {}) => given({ signal });
  const post = <T>(path: string, body: object, options?: Cancelable): Promise<T> =>
    ask(api, { method: "POST", path, body, ...signalOf(options) });
  return {
    me: (options) => ask(api, { path: "/v1/me", ...signalOf(options) }),
    keys: (options) => ask(api, { path: "/v1/keys", ...signalOf(options) }),
    createKey: (wanted, options) => post("/v1/keys", wanted, options),
    revokeKey: (id, options) => {
      const path = `/v1/keys/${encodeURIComponent(id)}`;
      return send(api, { method: "DELETE", path, ...signalOf(options) }, () => Promise.resolve());
    },
    createToken: (wanted = {}, options) => post("/v1/tokens", wanted, options),
  };
}
