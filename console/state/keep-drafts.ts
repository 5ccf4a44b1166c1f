import { given } from "#lang/given.ts";
import { words } from "../words/en.ts";
import { asDraft, readDraft, type Draft } from "./draft.ts";
import { forget, heedKept, keep, keysKept } from "./kept.ts";
import { say, store, type State } from "./state.ts";
import type { Tab } from "./tab.ts";
import { changeTab, tabOf } from "./tabs.ts";

/**
 * What this window last wrote or read of a tab. `theirRun`: the run that was kept with it, while this window shows none of its
 * own there.
 */
type Known = { key: string; draft: Draft; theirRun?: string | undefined };
type Tabs = Map<string, Known>;

/** Writes a tab at most this often while somebody types. */
const restMs = 400;

/**
 * Keeps the tabs as they change. Each has a key of its own, which other windows may write, too: a text that is changed in one
 * window alone is the same in all, and of a text that is changed in two both are kept.
 *
 * @param shown the drafts that are on the page already, by tab
 */
export function keepDrafts(scope: string, shown: ReadonlyMap<string, Draft>): () => void {
  const known: Tabs = new Map(
    [...shown].map(([id, draft]) => [id, { key: scope + id, draft, theirRun: draft.runId }] as const),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    writeChanged(scope, store.get(), known);
  };
  const stop = store.subscribe(() => (timer ??= setTimeout(write, restMs)));
  const stopHeeding = heedKept((key, value) => takeOver(known, key, asDraft(value)));
  const onHide = () => write();
  addEventListener("pagehide", onHide);
  return () => {
    stop();
    stopHeeding();
    clearTimeout(timer);
    removeEventListener("pagehide", onHide);
  };
}

function writeChanged(scope: string, { tabs, preferences }: State, known: Tabs): void {
  if (!preferences.keepsDrafts) {
    for (const key of keysKept(scope)) forget(key);
    known.clear();
    return;
  }
  for (const [at, tab] of tabs.entries()) {
    const before = known.get(tab.id);
    const draft = draftOf(tab, at, before);
    const isNew = before === undefined ? tab.sql !== "" || draft.runId !== undefined : !isSame(before.draft, draft);
    const now = isNew ? put(scope, tab.id, draft, before) : before;
    if (now !== undefined) known.set(tab.id, tab.job?.run === undefined ? now : { ...now, theirRun: undefined });
  }
  for (const [id, { key, draft }] of known) {
    if (tabs.some((tab) => tab.id === id)) continue;
    // What another window has written meanwhile is open there.
    if (readDraft(key)?.sql === draft.sql) forget(key);
    known.delete(id);
  }
}

function draftOf({ name, sql, parameters, job }: Tab, at: number, before: Known | undefined): Draft {
  return { name, sql, parameters, at, ...given({ runId: job?.run?.id ?? before?.theirRun }) };
}

function isSame(one: Draft, other: Draft): boolean {
  const textOf = ({ name, sql, parameters, runId, at }: Draft) => JSON.stringify([name, sql, parameters, runId, at]);
  return textOf(one) === textOf(other);
}

function put(scope: string, tabId: string, draft: Draft, before: Known | undefined): Known | undefined {
  const key = before?.key ?? scope + tabId;
  const there = readDraft(key)?.sql;
  const isTheirs = there !== undefined && there !== before?.draft.sql && there !== draft.sql;
  if (!isTheirs) {
    keep(key, draft);
    return { key, draft, theirRun: before?.theirRun };
  }
  // Their text is on its way to this window.
  if (draft.sql === before?.draft.sql) return before;
  const name = words.tabs.second(draft.name);
  const beside = { key: scope + crypto.randomUUID(), draft: { ...draft, name } };
  keep(beside.key, beside.draft);
  changeTab(tabId, { name });
  say(words.tabs.keptBoth(draft.name, name));
  return beside;
}

/** Shows what another window has written, where nothing was typed here since. */
function takeOver(known: Tabs, key: string, draft: Draft | undefined): void {
  const [id, entry] = [...known].find(([, it]) => it.key === key) ?? [];
  const tab = id === undefined ? undefined : tabOf(id);
  if (draft === undefined || entry === undefined || tab === undefined || tab.sql !== entry.draft.sql) return;
  known.set(tab.id, { key, draft, theirRun: tab.job?.run === undefined ? draft.runId : undefined });
  const { name, sql, parameters } = draft;
  if (sql !== tab.sql || name !== tab.name) changeTab(tab.id, { name, sql, parameters });
}
