import type { Findings } from "../findings.ts";
import type { Probing } from "../probing.ts";
import { numbersOf, seeRowset, type Item, type RowsetSight } from "../rowset.ts";

const enough = 3;

/** What a rowset does with parameters, and how its rows look. */
export async function askRowset(probing: Probing): Promise<void> {
  const { book, known, platform } = probing;
  const { table, plainMs } = known;
  if (table === undefined || plainMs === undefined || book.findings.rowsetDown !== null) return;
  const asked = (...parameters: string[]) => seeRowset(probing, table, parameters);
  const plain = await asked();
  if (plain.kind !== "rows" || plain.items.length === 0)
    return book.note({ question: "A rowset of known rows", answer: answerOf(plain), isOpen: true });
  if (plain.token !== undefined) {
    const saidMs = plain.expiresAt === undefined ? undefined : plain.expiresAt - platform.now();
    known.snapshot = { token: plain.token, at: platform.monotonic(), ...(saidMs !== undefined && { saidMs }) };
  }
  noteKeys(probing, plain.items);
  if (plain.count < enough)
    return book.note({ question: "$orderBy", answer: `not settled: only ${plain.count} rows`, isOpen: true });
  const up = await asked("$orderBy=N%20asc");
  const down = await asked("$orderBy=N%20desc");
  book.note({ question: "$orderBy of a column", answer: orderAnswer(up, down) ?? "not settled", ...textOf(up) });
  book.settle(orderFound(up, down));
  const byKey = await asked("$orderBy=_customobjectkey%20asc");
  book.note({ question: "$orderBy of _customobjectkey", answer: answerOf(byKey), ...textOf(byKey) });
  const wanted = numbersOf(plain.items)[0];
  const filtered = await asked(`$filter=N%20eq%20${wanted}`);
  const isFiltered = filtered.kind === "rows" ? filtered.count < plain.count : undefined;
  book.note({
    question: "$filter",
    answer: isFiltered === undefined ? answerOf(filtered) : isFiltered ? "honored" : "ignored",
    ...textOf(filtered),
  });
  if (isFiltered !== undefined) book.settle({ rowsetFilter: isFiltered });
}

function noteKeys({ book }: Probing, items: readonly Item[]): void {
  const [first] = items;
  const keys = first?.keys === undefined ? undefined : Object.keys(first.keys);
  const question = "`keys` of a row without primary key";
  if (keys === undefined) {
    book.settle({ keylessKeys: "missing" });
    return book.note({ question, answer: "missing" });
  }
  if (keys.length === 0) {
    book.settle({ keylessKeys: "empty" });
    return book.note({ question, answer: "empty" });
  }
  if (keys.includes("_customobjectkey")) book.settle({ keylessKeys: "_customobjectkey" });
  book.note({ question, answer: keys.join(", ") });
}

function orderAnswer(up: RowsetSight, down: RowsetSight): Findings["rowsetOrderBy"] {
  if (up.kind === "refused" && up.status < 500) return "refuse";
  if (up.kind !== "rows" || down.kind !== "rows") return undefined;
  const [rising, falling] = [numbersOf(up.items), numbersOf(down.items)];
  const isHonored =
    rising.every((n, index) => index === 0 || (rising[index - 1] ?? 0) <= n) &&
    falling.every((n, index) => index === 0 || (falling[index - 1] ?? 0) >= n);
  return isHonored ? "honour" : "ignore";
}

function orderFound(up: RowsetSight, down: RowsetSight): Findings {
  const answer = orderAnswer(up, down);
  return answer === undefined ? {} : { rowsetOrderBy: answer };
}

function answerOf(sight: RowsetSight): string {
  if (sight.kind === "rows") return "taken";
  return sight.kind === "refused" ? `HTTP ${sight.status}` : "no answer";
}

function textOf(sight: RowsetSight): { text?: string } {
  return sight.kind === "refused" ? { text: sight.text } : {};
}

/** A row that lives shorter than this is seen to end. */
const shortLifeMs = 75_000;
const slackMs = 3000;

/** Waits until a short-lived snapshot would be gone, and asks for it once more. */
export async function askSnapshot(probing: Probing): Promise<void> {
  const { book, known, platform, allowance, signal } = probing;
  const { snapshot } = known;
  if (snapshot === undefined) return;
  const { token, at, saidMs } = snapshot;
  const isSoonOver = saidMs !== undefined && saidMs > 0 && saidMs < shortLifeMs;
  const waitMs = at + (isSoonOver ? saidMs + slackMs : shortLifeMs) - platform.monotonic();
  // What is left of the time goes before the answer.
  if (waitMs > 0 && waitMs < allowance.leftMs()) await platform.sleep(waitMs, signal);
  const sight = await seeRowset(probing, { token });
  const ageMs = platform.monotonic() - at;
  const said = saidMs === undefined ? "its end is not said" : `it is said to live ${Math.round(saidMs / 1000)} s`;
  book.note({
    question: "A snapshot of rows",
    answer: `${answerOf(sight)} after ${Math.round(ageMs / 1000)} s; ${said}`,
    ...textOf(sight),
  });
  const isGone = sight.kind === "refused" && sight.status < 500;
  const isKept = sight.kind === "rows";
  if (isGone) book.settle({ rowsetTokenLifeMs: Math.round(Math.min(saidMs ?? ageMs, ageMs)) });
  else if (isKept && saidMs !== undefined) book.settle({ rowsetTokenLifeMs: Math.round(Math.max(saidMs, ageMs)) });
}
