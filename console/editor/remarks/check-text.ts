import { SqeError } from "#client/sqe-error.ts";
import { given } from "#lang/given.ts";
import { engine } from "../../engine/engine.ts";
import { catalogue } from "../../engine/catalogue.ts";
import { onReader, reader, type Reader } from "../../reader/load-reader.ts";
import { parametersOf } from "../../run/parameters.ts";
import { loadPart } from "../../state/load-part.ts";
import { store } from "../../state/state.ts";
import type { Findings, Tab } from "../../state/tab.ts";
import { activeTab, changeTab, tabOf } from "../../state/tabs.ts";

/**
 * After the last key: the reader of this page looks at once, the edge after a rest, Marketing Cloud after a longer one, and
 * only where nothing is wrong yet. So typing calls nobody.
 */
const restMs = { reader: 80, edge: 1000, marketingCloud: 1500 };
/** Longer texts take the reader more than a frame. */
const longText = { chars: 20_000, restMs: 400 };

/** What has been seen of the tab in front. */
let seen: Pick<Tab, "id" | "sql" | "parameters"> | undefined;
type Timer = ReturnType<typeof setTimeout>;
let readerTimer: Timer | undefined;
/** What is to be asked of others after a rest. */
let waiting: { restMs: number; act: () => void; timer?: Timer }[] = [];
let calls = new AbortController();

/** Begins to check what people type. */
export function watchText(): void {
  store.subscribe(lookAtFront);
  // A key that changes nothing, such as a quote that is typed over, is typing, too.
  addEventListener("keydown", rest);
  // Fields that arrive may settle what was open.
  catalogue.subscribe(() => {
    const tab = activeTab(store.get());
    if (tab.findings?.by === "reader" || tab.findings === undefined) checkByReader(tab.id);
  });
  onReader(() => checkByReader(activeTab(store.get()).id));
}

function lookAtFront(): void {
  const { id, sql, parameters } = activeTab(store.get());
  if (seen?.id === id && seen.sql === sql && seen.parameters === parameters) return;
  seen = { id, sql, parameters };
  clearTimeout(readerTimer);
  for (const { timer } of waiting) clearTimeout(timer);
  waiting = [];
  calls.abort();
  calls = new AbortController();
  const { signal } = calls;
  if (sql.trim() === "") {
    if (tabOf(id)?.findings !== undefined) changeTab(id, { findings: undefined });
    return;
  }
  readerTimer = setTimeout(checkByReader, sql.length > longText.chars ? longText.restMs : restMs.reader, id);
  waiting = [
    { restMs: restMs.edge, act: () => void ask(id, signal, "edge") },
    { restMs: restMs.marketingCloud, act: () => checkByMarketingCloud(id, signal) },
  ];
  rest();
}

/** Begins the rest anew, for what has not been asked yet. */
function rest(): void {
  for (const one of waiting) {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      waiting = waiting.filter((other) => other !== one);
      one.act();
    }, one.restMs);
  }
}

function checkByReader(id: string): void {
  const known = reader();
  const tab = tabOf(id);
  if (known === undefined || tab === undefined || tab.sql.trim() === "") return;
  void checkBy(known, tab);
}

async function checkBy(known: Reader, tab: Tab): Promise<void> {
  const { checkHere } = await loadPart(() => import("./check-here.ts"));
  if (tabOf(tab.id)?.sql === tab.sql) changeTab(tab.id, { findings: checkHere(known, tab) });
}

function checkByMarketingCloud(id: string, signal: AbortSignal): void {
  const hasError = tabOf(id)?.findings?.diagnostics.some(({ severity }) => (severity ?? "error") === "error");
  if (hasError === false) void ask(id, signal, "marketing-cloud");
}

async function ask(id: string, signal: AbortSignal, by: "edge" | "marketing-cloud"): Promise<void> {
  const tab = tabOf(id);
  if (tab === undefined || store.get().session.kind !== "in") return;
  const { sql, parameters } = tab;
  const values = parametersOf(sql, parameters);
  const isWanted = () => !signal.aborted && tabOf(id)?.sql === sql;
  try {
    // Who is refused for asking too often does not ask again: the next key does.
    const answer = await engine({ patienceMs: 0 }).check(sql, {
      signal,
      validate: by === "marketing-cloud",
      ...(values.length > 0 && { parameters: values }),
    });
    if (!isWanted()) return;
    const { diagnostics, columns, notes } = answer;
    // The check itself went well; what Marketing Cloud did not answer is told in a note.
    const unchecked = notes.find((note) => /^Not (?:validated|checked):/.test(note))?.replace(/^.*?: /, "");
    changeTab(id, { findings: { sql, diagnostics, columns, notes, by, ...given({ unchecked }) } });
  } catch (error) {
    if (!(error instanceof SqeError)) {
      if (signal.aborted) return;
      throw error;
    }
    const { findings } = tabOf(id) ?? {};
    if (isWanted() && findings !== undefined)
      changeTab(id, { findings: { ...findings, unchecked: error.detail } satisfies Findings });
  }
}
