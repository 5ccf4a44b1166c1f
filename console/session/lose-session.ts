import { store } from "../state/state.ts";

/** Somebody was signed in and is not any more: what they work on stays as it is. */
export function loseSession(): void {
  store.set((state) =>
    state.session.kind === "in" ? { ...state, session: { kind: "lost", me: state.session.me } } : state,
  );
}
