import { words } from "../words/en.ts";
import { loseSession } from "./lose-session.ts";

/** Why a call was refused. `status` 0: nobody answered. */
export type OwnRefusal = { status: number; detail: string };

/** Changes something about the session, which its cookie allows to this page. @returns undefined when it is done */
export async function postOwn(path: string, body: object): Promise<OwnRefusal | undefined> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => undefined);
  if (answer === undefined) return { status: 0, detail: words.unreachable };
  if (answer.ok) return undefined;
  if (answer.status === 401) loseSession();
  const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
  return { status: answer.status, detail: detail ?? words.unreachable };
}
