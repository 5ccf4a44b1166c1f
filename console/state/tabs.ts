import type { Job } from "./job.ts";
import { store, type State } from "./state.ts";
import { newTab, type Tab } from "./tab.ts";

/** The tab in front. */
export function activeTab({ tabs, activeId }: Pick<State, "tabs" | "activeId">): Tab {
  const found = tabs.find(({ id }) => id === activeId) ?? tabs[0];
  // There is one tab at least: closing the last opens a new one.
  if (found === undefined) throw new Error("The page has no tab");
  return found;
}

/** A tab by its id; undefined once it is closed. */
export function tabOf(id: string): Tab | undefined {
  return store.get().tabs.find((tab) => tab.id === id);
}

/** Changes members of a tab, which may be closed by now. */
export function changeTab(id: string, members: Partial<Tab>): void {
  store.set((state) => {
    const tabs = state.tabs.map((tab) => (tab.id === id ? { ...tab, ...members } : tab));
    return { ...state, tabs };
  });
}

/** Changes members of a tab's run, if it still is the same. */
export function changeJob(id: string, sentAt: number, members: Partial<Job>): void {
  const job = tabOf(id)?.job;
  if (job?.sentAt === sentAt) changeTab(id, { job: { ...job, ...members } });
}

/** Brings a tab to the front. */
export function activate(id: string): void {
  store.set((state) => ({
    ...state,
    activeId: id,
    tabs: state.tabs.map((tab) => (tab.id === id && tab.isUnseen ? { ...tab, isUnseen: false } : tab)),
  }));
}

/** Opens a tab in front of the others. @returns its id */
export function openTab(members: Partial<Tab> = {}): string {
  const { tabs } = store.get();
  const tab = newTab(freeNumber(tabs), members);
  store.set((state) => ({ ...state, tabs: [...state.tabs, tab], activeId: tab.id, pane: "query" }));
  return tab.id;
}

/** Closes a tab; its neighbor comes to the front. The last one leaves an empty tab. */
export function closeTab(id: string): void {
  store.set((state) => {
    const index = state.tabs.findIndex((tab) => tab.id === id);
    const left = state.tabs.filter((tab) => tab.id !== id);
    const tabs = left.length === 0 ? [newTab(1)] : left;
    const next = tabs[Math.min(Math.max(index, 0), tabs.length - 1)];
    return { ...state, tabs, activeId: state.activeId === id && next !== undefined ? next.id : state.activeId };
  });
}

/** Moves a tab to where another one is. */
export function moveTab(id: string, to: number): void {
  store.set((state) => {
    const moved = state.tabs.find((tab) => tab.id === id);
    if (moved === undefined || to < 0 || to >= state.tabs.length) return state;
    return { ...state, tabs: state.tabs.filter((tab) => tab !== moved).toSpliced(to, 0, moved) };
  });
}

function freeNumber(tabs: readonly Tab[]): number {
  const taken = new Set(tabs.map(({ name }) => name));
  let number = 1;
  while (taken.has(`Query ${number}`)) number += 1;
  return number;
}
