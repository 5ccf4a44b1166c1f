import { deleteRequest, xml } from "#mce/soap/envelope.ts";
import { deleteDataExtension } from "#mce/soap/data-extension.ts";
import { child, textAt } from "#mce/soap/parse.ts";
import { readResult } from "#mce/soap/result.ts";
import { retrieve } from "#mce/soap/retrieve.ts";
import { lineOf, verdictOf } from "../findings.ts";
import { steadily, type Probing } from "../probing.ts";
import { makeTable, nextKey, type Made } from "../room.ts";
import { seeRowset } from "../rowset.ts";

/** As the engine asks for it (MCE 4.3). */
const retention = { days: 2 };
const dayMs = 24 * 60 * 60 * 1000;

/** Makes the first table, with a retention period if that is allowed, and looks at it before anything has run. */
export async function askFirstTable(probing: Probing): Promise<void> {
  const { room, book, known } = probing;
  const kept = await steadily(probing, () => makeTable(room, { retention }));
  const verdict = verdictOf(kept);
  book.note(lineOf("A Data Extension with a retention period", kept));
  if (verdict !== undefined) book.settle({ retention: verdict });
  const made = kept.ok ? kept : await steadily(probing, () => makeTable(room));
  if (!made.ok) return book.note(lineOf("A Data Extension", made));
  known.table = made.value;
  if (kept.ok) await askRetainUntil(probing, kept.value);
  const before = await seeRowset(probing, made.value);
  const answer =
    before.kind === "rows"
      ? `answers with ${before.count} rows`
      : before.kind === "refused"
        ? `HTTP ${before.status}`
        : "no answer";
  book.note({ question: "The rowset of a table that nothing has run into", answer });
}

async function askRetainUntil({ mce, book, platform }: Probing, { customerKey }: Made): Promise<void> {
  const found = await retrieve(mce, {
    objectType: "DataExtension",
    properties: ["CustomerKey", "RetainUntil"],
    filter: { property: "CustomerKey", equals: customerKey },
  });
  const question = "RetainUntil of a period of 2 days";
  if (!found.ok) return book.note(lineOf(question, found));
  const text = textAt(found.value[0], "RetainUntil") ?? "";
  const at = Date.parse(/[Z+-]\d\d:?\d\d$|Z$/.test(text) || text === "" ? text : `${text} GMT-0600`);
  const days = ((at - platform.now()) / dayMs).toFixed(1);
  book.note({ question, answer: Number.isNaN(at) ? "not said" : `${days} days from now, read as UTC-6` });
}

/** What a name or key says that is taken, of other scripts, or was deleted just now. */
export async function askNames(probing: Probing): Promise<void> {
  const { mce, room, book, known } = probing;
  if (known.table === undefined) return;
  const sameName = await makeTable(room, { name: known.table.name });
  book.note(lineOf("A Data Extension of a name that is taken", sameName));
  const sameKey = await makeTable(room, { key: known.table.customerKey, name: nextKey(room) });
  book.note(lineOf("A Data Extension of a key that is taken", sameKey));
  await askAbsentDelete(probing);
  const name = `QPP Probe 顧客 ${room.id}`;
  const foreign = await makeTable(room, { name });
  const verdict = verdictOf(foreign);
  book.note(lineOf("A Data Extension with letters of another script in its name", foreign));
  if (verdict !== undefined) book.settle({ otherScripts: verdict });
  const deleted = foreign.ok ? foreign : await makeTable(room);
  if (!deleted.ok) return;
  const gone = await deleteDataExtension(mce, deleted.value);
  if (!gone.ok) return book.note(lineOf("Deleting a Data Extension", gone));
  room.tables.delete(deleted.value.customerKey);
  const again = await makeTable(room, { name: deleted.value.name });
  const againVerdict = verdictOf(again);
  book.note(lineOf("A Data Extension of a name that was deleted just now", again));
  if (againVerdict !== undefined) book.settle({ nameAfterDelete: againVerdict });
}

/** The client looks once after a refusal; here the refusal itself is of interest. */
async function askAbsentDelete({ mce, room, book }: Probing): Promise<void> {
  const name = "SOAP Delete DataExtension";
  const absent = nextKey(room);
  const body = deleteRequest(xml`<Objects xsi:type="DataExtension"><CustomerKey>${absent}</CustomerKey></Objects>`);
  const answer = await mce.soap({ action: "Delete", name, body });
  const result = answer.ok ? readResult(name, answer.value, child(answer.value, "Results")) : answer;
  book.note(lineOf("Deleting a Data Extension that is not there", result));
  if (!result.ok && result.error.kind === "rejected") book.settle({ absentDeleteCode: result.error.code });
}
