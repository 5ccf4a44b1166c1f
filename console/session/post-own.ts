import { words } from "../words/en.ts";
import { loseSession } from "./lose-session.ts";

/** What the service answers to a page of its own. `status` 0: nobody answered. */
export type OwnAnswer = { isOk: boolean; status: number; detail: string; body: Readonly<Record<string, unknown>> };

/** Sends something to the service's own pages' calls, which JSON from this page may do. */
export async function sendOwn(path: string, body: object): Promise<OwnAnswer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => undefined);
  if (answer === undefined) return { isOk: false, status: 0, detail: words.unreachable, body: {} };
  // Objects are all that these calls answer with.
  const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const detail = typeof told["detail"] === "string" ? told["detail"] : words.unreachable;
  return { isOk: answer.ok, status: answer.status, detail, body: told };
}

/** Changes something about the session, which its cookie allows to this page. @returns why not; undefined when it is done */
export async function postOwn(path: string, body: object): Promise<string | undefined> {
  const { isOk, status, detail } = await sendOwn(path, body);
  if (status === 401) loseSession();
  return isOk ? undefined : detail;
}
