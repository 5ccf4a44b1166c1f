import type { Me } from "#client/schema-types.ts";
import { readDraft, type Draft } from "./draft.ts";
import { keepDrafts } from "./keep-drafts.ts";
import { forget, keysKept } from "./kept.ts";
import { store } from "./state.ts";
import { newTab } from "./tab.ts";

function scopeOf(me: Me): string {
  return `${ownerOf(me)}${me.businessUnit.mid}.`;
}

function ownerOf({ tenant, user }: Me): string {
  return `draft.${tenant.id}.${user.id}.`;
}

/** Is told which runs the tabs showed, to open them again. */
type Reopen = (tabId: string, runId: string) => void;
let reopen: Reopen | undefined;

/** Says who opens the runs that drafts showed. */
export function onReopen(listener: Reopen): void {
  reopen = listener;
}

let stopKeeping: (() => void) | undefined;

/** Puts a person's drafts on the page, and keeps them from now on. */
export function openDrafts(me: Me): void {
  const scope = scopeOf(me);
  const found = store.get().preferences.keepsDrafts ? draftsIn(scope) : [];
  show(found);
  stopKeeping?.();
  stopKeeping = keepDrafts(scope, new Map(found.map(({ id, draft }) => [id, draft])));
}

function draftsIn(scope: string): { id: string; draft: Draft }[] {
  return keysKept(scope)
    .flatMap((key) => {
      const draft = readDraft(key);
      return draft === undefined ? [] : [{ id: key.slice(scope.length), draft }];
    })
    .sort((one, other) => one.draft.at - other.draft.at);
}

function show(found: readonly { id: string; draft: Draft }[]): void {
  if (found.length === 0) return;
  const tabs = found.map(({ id, draft: { name, sql, parameters } }) => newTab(1, { id, name, sql, parameters }));
  store.set((state) => {
    const own = state.tabs.filter(({ sql, job }) => sql !== "" || job !== undefined);
    const all = [...tabs, ...own];
    const activeId = own.some(({ id }) => id === state.activeId) ? state.activeId : (all.at(-1)?.id ?? state.activeId);
    return { ...state, tabs: all, activeId };
  });
  for (const { id, draft } of found) if (draft.runId !== undefined) reopen?.(id, draft.runId);
}

/** Forgets the drafts of a person in all business units, as signing out does. */
export function forgetDrafts(me: Me): void {
  stopKeeping?.();
  stopKeeping = undefined;
  for (const key of keysKept(ownerOf(me))) forget(key);
}
