import type { RunView } from "#run/view.ts";
import type { RunStep } from "./debug.ts";
import type { OutboxRow, RunRecord } from "#run/record.ts";

/**
 * The object's SQLite. Statements without an `await` between them commit as one transaction, so callers change record,
 * log and outbox in one synchronous block.
 */
export type Store = ReturnType<typeof openStore>;

/** Wraps the storage of one object. Nothing is created before `create` is called. */
export function openStore(storage: DurableObjectStorage) {
  const { sql } = storage;
  return {
    /** Creates the tables. Only `open` calls it, so that a request for an unknown id stores nothing (D16). */
    create() {
      sql.exec(`
        create table if not exists record (one integer primary key check (one = 1), body text not null);
        create table if not exists events (version integer primary key, view text not null);
        create table if not exists transitions (seq integer primary key, hash text not null, step text not null);
        create table if not exists outbox (delivery integer primary key, tries integer not null, next_try_at integer not null);
      `);
    },
    /** The record, or undefined for a run that was never opened here or has been purged. */
    read(): RunRecord | undefined {
      const tables = sql.exec("select 1 from sqlite_master where name = 'record'").toArray();
      if (tables.length === 0) return undefined;
      const [row] = sql.exec<{ body: string }>("select body from record").toArray();
      // Only `save` writes it, from a RunRecord.
      return row === undefined ? undefined : (JSON.parse(row.body) as RunRecord);
    },
    save(record: RunRecord) {
      sql.exec("insert or replace into record (one, body) values (1, ?)", JSON.stringify(record));
    },
    addEvent(view: RunView) {
      sql.exec("insert into events (version, view) values (?, ?)", view.version, JSON.stringify(view));
    },
    /** The views after a version, oldest first. */
    eventsAfter(version: number): readonly RunView[] {
      const rows = sql.exec<{ view: string }>("select view from events where version > ? order by version", version);
      // Only `addEvent` writes it, from a RunView.
      return rows.toArray().map((row) => JSON.parse(row.view) as RunView);
    },
    addTransition(seq: number, hash: string, step: RunStep) {
      sql.exec("insert into transitions (seq, hash, step) values (?, ?, ?)", seq, hash, JSON.stringify(step));
    },
    /** The reports of the bridges, in order. */
    steps(): readonly RunStep[] {
      const rows = sql.exec<{ step: string }>("select step from transitions order by seq");
      // Only `addTransition` writes it, from a RunStep.
      return rows.toArray().map((row) => JSON.parse(row.step) as RunStep);
    },
    hashOf(seq: number): string | undefined {
      const rows = sql.exec<{ hash: string }>("select hash from transitions where seq = ?", seq).toArray();
      return rows[0]?.hash;
    },
    addOutbox(row: OutboxRow) {
      sql.exec("insert or ignore into outbox values (?, ?, ?)", row.delivery, row.tries, row.nextTryAt);
    },
    outbox(): readonly OutboxRow[] {
      const rows = sql.exec<{ delivery: number; tries: number; next_try_at: number }>(
        "select * from outbox order by delivery",
      );
      return rows.toArray().map((row) => ({ delivery: row.delivery, tries: row.tries, nextTryAt: row.next_try_at }));
    },
    postponeOutbox(delivery: number, tries: number, nextTryAt: number) {
      sql.exec("update outbox set tries = ?, next_try_at = ? where delivery = ?", tries, nextTryAt, delivery);
    },
    removeOutbox(delivery: number) {
      sql.exec("delete from outbox where delivery = ?", delivery);
    },
    async purge() {
      await storage.deleteAlarm();
      await storage.deleteAll();
    },
  };
}
