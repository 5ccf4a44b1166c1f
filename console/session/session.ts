import { SqeError } from "#client/sqe-error.ts";
import { engine } from "../engine/engine.ts";
import { forgetCatalogue } from "../engine/catalogue.ts";
import { forgetDrafts, openDrafts } from "../state/drafts.ts";
import { change, store } from "../state/state.ts";
import { leave, signInAgain } from "./ways.ts";

/** Finds out who uses the page, at its start and after signing in. @returns whether anybody is signed in */
export async function openSession(): Promise<boolean> {
  const { session } = store.get();
  try {
    // Somebody waits before an empty page: say early that nobody answers.
    const me = await engine({ patienceMs: 10_000 }).me();
    if (session.kind !== "lost") openDrafts(me);
    change({ session: { kind: "in", me } });
    return true;
  } catch (error) {
    if (!(error instanceof SqeError)) throw error;
    if (error.status === 401) {
      if (session.kind !== "lost") change({ session: { kind: "out" } });
    } else change({ session: { kind: "unreachable", detail: error.detail } });
    return false;
  }
}

/** Opens the page's session when it is loaded. */
export async function startSession(): Promise<void> {
  await signInAgain();
  await openSession();
}

/** Signs out. Nothing that this person has typed stays in the browser. */
export async function signOut(): Promise<void> {
  const { session } = store.get();
  if ("me" in session) forgetDrafts(session.me);
  await leave();
  forgetCatalogue();
  // The tabs, their texts and rows go with the page.
  location.assign("/");
}
