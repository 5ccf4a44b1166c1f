import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import type { MceAccess } from "#mce/access.ts";
import { openMce, openTokenCache } from "#mce/client.ts";
import { openAllowance, usualBounds, type Bounds } from "./allowance.ts";
import { cleanUp, type Left } from "./clean-up.ts";
import { openBook, type Book, type Findings, type Line } from "./findings.ts";
import type { Probing } from "./probing.ts";
import { askDeleteWhileRunning, askStatusList } from "./questions/deleting.ts";
import { openFolders } from "./questions/folders.ts";
import { askLook } from "./questions/looking.ts";
import { askRowset, askSnapshot } from "./questions/rows.ts";
import { askFirstRun } from "./questions/running.ts";
import { askFirstQuery, askQueryNames, askReasons, askTexts } from "./questions/saving.ts";
import { askFirstTable, askNames } from "./questions/tables.ts";
import { askValidate } from "./questions/validating.ts";
import { openRoom } from "./room.ts";

/** What a probe found and used, and what of it is left in Marketing Cloud. */
export type Probed = {
  findings: Findings;
  lines: readonly Line[];
  /** Why nothing could be asked. */
  failure?: string;
  isStopped: boolean;
  calls: number;
  tookMs: number;
  left: Left[];
};

export type ProbeDeps = {
  platform: Platform;
  /** Ends the questions; what was made is removed all the same. */
  signal: AbortSignal;
  sandboxUrl?: string;
  bounds?: Bounds;
  /** Calls that were made to sign in. */
  spent?: number;
  /** Called before each question, with what is used so far. */
  onStep?: (title: string, used: { calls: number; tookMs: number }) => void;
};

const readTimeoutMs = 20_000;
const effectTimeoutMs = 30_000;

/** Those that others need stand first, then what decides how the engine works; the last ones want the most time to have passed. */
const questions: readonly { title: string; calls: number; ask: (probing: Probing) => Promise<void> }[] = [
  { title: "a temporary table", calls: 4, ask: askFirstTable },
  { title: "a query", calls: 2, ask: askFirstQuery },
  { title: "a run of it: status row, isrunning, rows", calls: 12, ask: askFirstRun },
  { title: "parameters of a rowset", calls: 5, ask: askRowset },
  { title: "a look at a query", calls: 16, ask: askLook },
  { title: "reasons of refusals", calls: 4, ask: askReasons },
  { title: "a query that is deleted while it runs", calls: 9, ask: askDeleteWhileRunning },
  { title: "names and keys of tables", calls: 6, ask: askNames },
  { title: "Marketing Cloud's own check", calls: 4, ask: askValidate },
  { title: "texts that may be refused", calls: 8, ask: askTexts },
  { title: "names and keys of queries", calls: 5, ask: askQueryNames },
];
const lastQuestions: typeof questions = [
  { title: "the list of status rows", calls: 2, ask: askStatusList },
  { title: "the life of a snapshot", calls: 1, ask: askSnapshot },
];
/** For the last questions. */
const lastCalls = 4;

/** Asks Marketing Cloud what no source tells (D50): within the bounds, and leaving nothing behind. Never throws. */
export async function runProbe(access: MceAccess, deps: ProbeDeps): Promise<Probed> {
  const { platform, signal, bounds = usualBounds, sandboxUrl } = deps;
  const allowance = openAllowance({ platform, signal, bounds }, deps.spent ?? 0);
  const mce = openMce(access, {
    platform,
    tokens: openTokenCache(),
    gate: allowance.gate,
    readTimeoutMs,
    effectTimeoutMs,
    ...given({ sandboxUrl }),
  });
  const book = openBook();
  const onStep = (title: string) => deps.onStep?.(title, { calls: allowance.calls(), tookMs: allowance.tookMs() });
  const probing: Probing = {
    mce,
    platform,
    allowance,
    room: openRoom(mce, platform),
    book,
    signal,
    known: { taskIds: [] },
  };
  const failure = await askAll(probing, onStep).catch(saidOf);
  onStep("removing what was made");
  const left = await cleanUp(probing).catch((error: unknown): Left[] => [
    { what: "everything in the folders of the probe", why: saidOf(error) },
  ]);
  return {
    findings: book.findings,
    lines: book.lines,
    ...given({ failure }),
    isStopped: signal.aborted,
    calls: allowance.calls(),
    tookMs: allowance.tookMs(),
    left,
  };
}

async function askAll(probing: Probing, onStep: (title: string) => void): Promise<string | undefined> {
  const { allowance, book, signal } = probing;
  onStep("folders of its own");
  const failure = await openFolders(probing);
  if (failure !== undefined) return failure;
  const all = [...questions.map((one) => ({ ...one, calls: one.calls + lastCalls })), ...lastQuestions];
  for (const { title, calls, ask } of all) {
    if (signal.aborted) return undefined;
    if (!allowance.has(calls)) {
      book.note({ question: title, answer: "not asked: calls or time are used up", isOpen: true });
      continue;
    }
    onStep(title);
    await ask(probing).catch((error: unknown) => noteFailed(book, title, error));
  }
  return undefined;
}

/** A bug of ours must not lose what the other questions find. */
function noteFailed(book: Book, title: string, error: unknown): void {
  book.note({ question: title, answer: "not settled: an error of the probe", text: saidOf(error), isOpen: true });
}

function saidOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
