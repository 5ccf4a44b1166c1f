import type { Platform } from "#async/platform.ts";
import type { Answer } from "./failure.ts";
import type { Gate, MceCall } from "./gate.ts";
import type { RestAnswer, RestRequest } from "./rest/exchange.ts";
import { exchangeRest } from "./rest/exchange.ts";
import { openSession } from "./session.ts";
import type { SoapRequest } from "./soap/exchange.ts";
import { exchangeSoap } from "./soap/exchange.ts";
import type { XmlElement } from "./soap/parse.ts";
import type { TokenCache } from "./token.ts";

export type { MceCall } from "./gate.ts";
export { openTokenCache } from "./token.ts";

/** One installed package, signing in to one business unit (`mid`) of one enterprise (`eid`). */
export type MceAccess = {
  connectionId: string;
  mid: number;
  eid: number;
  subdomain: string;
  clientId: string;
  clientSecret: string;
};

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

/** An open way to one business unit; the secrets stay inside. The calls themselves are functions that take it first. */
export type Mce = {
  readonly mid: number;
  readonly eid: number;
  /** Sends one SOAP request; comes back with its response element. */
  soap(request: SoapRequest): Promise<Answer<XmlElement>>;
  /** Sends one REST request; comes back with a 2xx answer's JSON, or the status and envelope of a 4xx. */
  rest(request: RestRequest): Promise<Answer<RestAnswer>>;
};

/**
 * Opens a business unit. Nothing is sent until the first call; a refused token is replaced once per call, and refused
 * credentials once by those that `renew` reads.
 *
 * @throws when `sandboxUrl` is no URL
 */
export function openMce(access: MceAccess, deps: MceDeps): Mce {
  if (deps.sandboxUrl !== undefined && !URL.canParse(deps.sandboxUrl))
    throw new Error("Cannot open MCE: the sandbox's address is no URL");
  const session = openSession(access, deps);
  return {
    mid: access.mid,
    eid: access.eid,
    soap: (request) => exchangeSoap(session, request),
    rest: (request) => exchangeRest(session, request),
  };
}
