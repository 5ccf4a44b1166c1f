import type { Me } from "#client/schema-types.ts";
import { SqeError } from "#client/sqe-error.ts";
import { engine } from "../engine/engine.ts";
import { forgetDrafts, openDrafts } from "../state/drafts.ts";
import { home } from "../state/place.ts";
import { change, say, store } from "../state/state.ts";
import { canMove, moveSession } from "./business-unit.ts";
import { leave, signInAgain } from "./ways.ts";
import { heedWindows } from "./windows.ts";

/** Finds out who uses the page, at its start and after signing in. @returns whether anybody is signed in */
export async function openSession(): Promise<boolean> {
  const { session } = store.get();
  try {
    // Somebody waits before an empty page: say early that nobody answers.
    const me = await engine({ patienceMs: 10_000 }).me();
    if (session.kind === "lost") return await comeBack(session.me, me);
    openDrafts(me);
    change({ session: { kind: "in", me } });
    return true;
  } catch (error) {
    if (!(error instanceof SqeError)) throw error;
    // Who works on something keeps seeing it, whatever happens.
    if (session.kind === "lost") return false;
    if (error.status === 401) change({ session: { kind: "out" } });
    else change({ session: { kind: "unreachable", detail: error.detail } });
    return false;
  }
}

/** Goes on where somebody was, in the same business unit. What is on the page is nobody else's to see. */
async function comeBack(before: Me, me: Me): Promise<boolean> {
  const isSame = me.tenant.id === before.tenant.id && me.user.id === before.user.id;
  const isThere = me.businessUnit.mid === before.businessUnit.mid;
  const isBack = isSame && (isThere || (canMove() && (await moveSession(before.businessUnit.mid)) === undefined));
  if (isBack) change({ session: { kind: "in", me: { ...me, businessUnit: before.businessUnit } } });
  else location.assign(home);
  return isBack;
}

/** Opens the page's session when it is loaded. */
export async function startSession(): Promise<void> {
  heedWindows((change) => {
    const { session } = store.get();
    if (session.kind !== "in" || !canMove()) return;
    // A page that goes writes what was typed last; after a sign-out nobody may find that.
    if (change === "ended") forgetDrafts(session.me);
    // What a page shows is never another business unit than the one that it works in.
    location.reload();
  });
  await signInAgain();
  await openSession();
}

/** Signs out. Nothing that this person has typed stays in the browser. */
export async function signOut(): Promise<void> {
  const { session } = store.get();
  const refusal = await leave();
  // A session that lives on must not look as if it had ended.
  if (refusal !== undefined) return say(refusal);
  if ("me" in session) forgetDrafts(session.me);
  // The tabs, their texts and rows go with the page.
  location.assign(home);
  return undefined;
}
