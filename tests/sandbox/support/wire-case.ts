import type { Json, Wire } from "./wire.ts";
import { overallOf, resultOf } from "./wire-messages.ts";

/** One fact about Marketing Cloud, asked of a sandbox that was just reset. */
export type Case = {
  /** Section of docs/marketing-cloud.md the case comes from. */
  facts: string;
  what: string;
  /** What is done, and what of the answer counts. */
  ask: (wire: Wire) => Promise<unknown>;
  gives: unknown;
};

/** Parts of a SOAP answer a case looks at: HTTP status, OverallStatus, Results as a list, and the fault if it is one. */
export type SoapSeen = { http: number; overall: unknown; results: Json[]; fault?: Json };

type As = { mid?: number; secret?: "a" | "b"; scope?: string; version?: "1.1" | "1.2"; action?: string };

/** Sends a SOAP body as a business unit's token. */
export async function soap(wire: Wire, body: string, as: As = {}): Promise<SoapSeen> {
  const { mid, secret, scope, ...more } = as;
  const answer = await wire.soap(body, { token: await wire.token(mid, secret, scope), ...more });
  const fault = answer.body["Fault"];
  // A fault of the API is an element with members.
  if (fault !== undefined) return { http: answer.status, overall: undefined, results: [], fault: fault as Json };
  if (!answer.text.startsWith("<")) return { http: answer.status, overall: answer.text, results: [] };
  const found: unknown = resultOf(answer);
  // Results is absent, one element or a list of them.
  const results = (Array.isArray(found) ? found : found === undefined ? [] : [found]) as Json[];
  return { http: answer.status, overall: overallOf(answer), results };
}

/** Sends a REST request as a business unit's token. */
export async function rest(
  wire: Wire,
  method: string,
  path: string,
  body?: unknown,
  as: Pick<As, "mid" | "secret" | "scope"> = {},
): Promise<{ http: number; body: unknown }> {
  const authorization = `Bearer ${await wire.token(as.mid, as.secret, as.scope)}`;
  const answer = await wire.call(method, path, body, { authorization });
  return { http: answer.status, body: /^[[{"]/.test(answer.text) ? JSON.parse(answer.text) : answer.text };
}

/** Asks the token endpoint. */
export async function token(wire: Wire, body: Json | string, headers?: Record<string, string>): Promise<Json> {
  const answer = await wire.call("POST", "/v2/token", body, headers);
  return { http: answer.status, ...answer.json };
}

/** Sets switches of MCE 12.1. */
export async function behave(wire: Wire, switches: Json): Promise<void> {
  const { status, text } = await wire.call("POST", "/sandbox/behaviours", switches);
  if (status !== 200) throw new Error(`Cannot set ${JSON.stringify(switches)}: ${text}`);
}
