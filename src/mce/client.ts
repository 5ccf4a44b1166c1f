import type { Answer } from "./failure.ts";
import { exchangeRest, type RestAnswer, type RestRequest } from "./rest/exchange.ts";
import type { MceAccess } from "./access.ts";
import { openSession, type MceDeps } from "./session.ts";
import { exchangeSoap, type SoapRequest } from "./soap/exchange.ts";
import type { XmlElement } from "./soap/parse.ts";

export type { MceCall } from "./gate.ts";
export { openTokenCache } from "./token.ts";

/** A client of one business unit, which keeps its secrets inside. The calls are functions that take it first. */
export type Mce = {
  readonly mid: number;
  readonly eid: number;
  /** Tells whether MCE lets us into this business unit. */
  signIn(): Promise<Answer<unknown>>;
  /** Sends one SOAP request. @returns its response element */
  soap(request: SoapRequest): Promise<Answer<XmlElement>>;
  /** Sends one REST request. @returns a 2xx answer's JSON, or the status, code and message of a 4xx */
  rest(request: RestRequest): Promise<Answer<RestAnswer>>;
};

/**
 * Opens a client. Nothing is sent before the first call. A refused token is replaced once per call, and refused
 * credentials once by those that `renew` reads.
 *
 * @throws when `sandboxUrl` is not a URL
 */
export function openMce(access: MceAccess, deps: MceDeps): Mce {
  if (deps.sandboxUrl !== undefined && !URL.canParse(deps.sandboxUrl))
    throw new Error("Cannot open MCE: the sandbox's address is not a URL");
  const session = openSession(access, deps);
  return {
    mid: access.mid,
    eid: access.eid,
    signIn: () => session.signIn(),
    soap: (request) => exchangeSoap(session, request),
    rest: (request) => exchangeRest(session, request),
  };
}
