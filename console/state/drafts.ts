import type { Me } from "#client/schema-types.ts";
import { forget, keep, keysKept, kept } from "./kept.ts";
import { store, type State } from "./state.ts";
import { newTab, type Tab } from "./tab.ts";

/**
 * The tabs of a person in a business unit, kept in this browser: name, text, and which run they show. Each has a key of its
 * own, so that two windows do not write over each other's.
 */
type Draft = Pick<Tab, "name" | "sql" | "parameters"> & { runId?: string; at: number };

function scopeOf(me: Me): string {
  return `${ownerOf(me)}${me.businessUnit.mid}.`;
}

function ownerOf({ tenant, user }: Me): string {
  return `draft.${tenant.id}.${user.id}.`;
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { name, sql, parameters, at } = value as Partial<Record<keyof Draft, unknown>>;
  const isWhole = typeof name === "string" && typeof sql === "string" && typeof at === "number";
  return isWhole && typeof parameters === "object" && parameters !== null;
}

/** Is told which runs the tabs showed, to open them again. */
type Reopen = (tabId: string, runId: string) => void;
let reopen: Reopen | undefined;

/** Says who opens the runs that drafts showed. */
export function onReopen(listener: Reopen): void {
  reopen = listener;
}

/** Puts a person's drafts on the page, and keeps them from now on. */
export function openDrafts(me: Me): void {
  const scope = scopeOf(me);
  if (store.get().preferences.keepsDrafts) show(scope);
  stopKeeping?.();
  stopKeeping = keepChanges(scope);
}

let stopKeeping: (() => void) | undefined;

function show(scope: string): void {
  const found = keysKept(scope).flatMap((key) => {
    const draft = kept(key);
    return isDraft(draft) ? [{ id: key.slice(scope.length), draft }] : [];
  });
  if (found.length === 0) return;
  found.sort((one, other) => one.draft.at - other.draft.at);
  const tabs = found.map(({ id, draft: { name, sql, parameters } }) => newTab(1, { id, name, sql, parameters }));
  store.set((state) => {
    const own = state.tabs.filter(({ sql, job }) => sql !== "" || job !== undefined);
    const all = [...tabs, ...own];
    const activeId = own.some(({ id }) => id === state.activeId) ? state.activeId : (all.at(-1)?.id ?? state.activeId);
    return { ...state, tabs: all, activeId };
  });
  for (const { id, draft } of found) if (draft.runId !== undefined) reopen?.(id, draft.runId);
}

/** Writes a tab at most this often while somebody types. */
const restMs = 400;

function keepChanges(scope: string): () => void {
  const written = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    writeChanged(scope, store.get(), written);
  };
  const stop = store.subscribe(() => (timer ??= setTimeout(write, restMs)));
  const onHide = () => write();
  addEventListener("pagehide", onHide);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener("pagehide", onHide);
  };
}

function writeChanged(scope: string, { tabs, preferences }: State, written: Map<string, string>): void {
  if (!preferences.keepsDrafts) {
    for (const key of keysKept(scope)) forget(key);
    written.clear();
    return;
  }
  for (const [at, { id, name, sql, parameters, job }] of tabs.entries()) {
    const runId = job?.run?.id;
    const draft = { name, sql, parameters, ...(runId !== undefined && { runId }), at };
    const text = JSON.stringify(draft);
    if (written.get(id) === text || (sql === "" && runId === undefined && !written.has(id))) continue;
    keep(scope + id, draft);
    written.set(id, text);
  }
  for (const id of written.keys()) {
    if (tabs.some((tab) => tab.id === id)) continue;
    forget(scope + id);
    written.delete(id);
  }
}

/** Forgets the drafts of a person in all business units, as signing out does. */
export function forgetDrafts(me: Me): void {
  stopKeeping?.();
  stopKeeping = undefined;
  for (const key of keysKept(ownerOf(me))) forget(key);
}
