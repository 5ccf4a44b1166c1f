import type { Me } from "#client/schema-types.ts";
import { preferencesKept, type Preferences } from "./preferences.ts";
import { openStore, useStore, type Store } from "./store.ts";
import { newTab, type Tab } from "./tab.ts";

/** Who uses the page. `lost`: somebody who was signed in, whose tabs stay where they are. */
type Session =
  | { kind: "opening" }
  | { kind: "out" }
  | { kind: "in"; me: Me }
  | { kind: "lost"; me: Me }
  | { kind: "unreachable"; detail: string };

/** What lies over the page. */
export type Sheet =
  | { kind: "palette" }
  | { kind: "shortcuts" }
  | { kind: "settings" }
  | { kind: "unit"; mid?: number }
  | { kind: "runs" }
  | { kind: "query-activities" }
  | { kind: "target" }
  | { kind: "texts" }
  | { kind: "snippets" }
  | { kind: "rename"; tabId: string }
  | { kind: "preview"; table: string }
  | { kind: "value"; name: string; type: string; value: string };

/** Everything that the page shows. */
export type State = {
  session: Session;
  tabs: readonly Tab[];
  activeId: string;
  sheet?: Sheet | undefined;
  isSchemaOpen: boolean;
  /** Which of the two a narrow screen shows. */
  pane: "query" | "result";
  preferences: Preferences;
  /** Said once, to screen readers too. */
  said: { text: string; count: number };
  /** A new version is on the server, which this page cannot load parts of any more. */
  isOutdated: boolean;
};

const first = newTab(1);

/** The page's one store. */
export const store: Store<State> = openStore<State>({
  session: { kind: "opening" },
  tabs: [first],
  activeId: first.id,
  isSchemaOpen: globalThis.innerWidth === undefined || globalThis.innerWidth >= 720,
  pane: "query",
  preferences: preferencesKept(),
  said: { text: "", count: 0 },
  isOutdated: false,
});

/** Reads a part of the page's state. */
export function usePage<Part>(select: (state: State) => Part): Part {
  return useStore(store, select);
}

/** Changes members of the state. */
export function change(members: Partial<State>): void {
  store.set((state) => ({ ...state, ...members }));
}

/** Opens a sheet over the page. */
export function openSheet(sheet: Sheet): void {
  change({ sheet });
}

/** Closes the sheet that is open. */
export function closeSheet(): void {
  change({ sheet: undefined });
}

/** Shows a sentence for a moment, and lets screen readers say it. */
export function say(text: string): void {
  store.set((state) => ({ ...state, said: { text, count: state.said.count + 1 } }));
}
