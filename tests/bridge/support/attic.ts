import { randomBytes } from "node:crypto";
import type { Answer } from "#mce/failure.ts";
import { createDataExtension } from "#mce/soap/data-extension.ts";
import { createFolder, findFolders } from "#mce/soap/folder.ts";
import { createQueryDefinition } from "#mce/soap/query-definition.ts";
import { RunId, runIdOf } from "#protocol/ids.ts";
import { customerKeyOf, folderName } from "#run/names.ts";
import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import { signIn } from "./sign-in.ts";
import { soon } from "./soon.ts";
import { tenancy, type World } from "./world.ts";

const hour = 60 * 60 * 1000;
const { tenantId, mid } = tenancy;
const fields = [{ name: "Id", fieldType: "Number" }] as const;

export const aRunId = () => runIdOf(randomBytes(15));
export const keyOf = (id: string) => customerKeyOf(RunId.parse(id), 1);
/** Both assets of a run's shell, as `present` names them. */
export const shellOf = (id: string) => [`de:${keyOf(id)}`, `qd:${keyOf(id)}`];

type State = {
  dataExtensions: { key: string; mid: number }[];
  queries: { key: string; status: string; mid: number }[];
};

export function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`${answer.error.kind}: ${answer.error.message}`);
  return answer.value;
}

export type Attic = ReturnType<typeof openAttic>;

/** Creates in MCE and Postgres what days of runs and users leave behind, and has it swept. */
export function openAttic(world: World) {
  const mce = signIn(world);
  return { mce, inThePast, folder, table, query, leftover, present, command, summary, run };

  /** The sandbox's clock stands in the past while `make` works. */
  async function inThePast<T>(hoursAgo: number, make: () => Promise<T>): Promise<T> {
    await world.ask("clock", { offsetMs: -hoursAgo * hour });
    const made = await make();
    await world.ask("clock", { offsetMs: 0 });
    return made;
  }
  /** Our folder, or another one under the same root; created when it is missing. */
  async function folder(contentType: "dataextension" | "queryactivity", name = folderName, by = mce): Promise<number> {
    const all = valueOf(await findFolders(by, { contentType }));
    const root = all.find(({ parentId }) => parentId === 0)?.id ?? 0;
    const known = all.find((known) => known.name === name && known.parentId === root)?.id;
    if (known !== undefined) return known;
    return valueOf(await createFolder(by, { name, description: name, contentType, parentId: root })).id;
  }
  async function table(customerKey: string, name: string, folderId: number, by = mce): Promise<string> {
    return valueOf(await createDataExtension(by, { customerKey, name, folderId, fields })).objectId;
  }
  async function query(customerKey: string, name: string, folderId: number): Promise<string> {
    const target = { customerKey: "Scratch", name: "Scratch" };
    // Refused when it already exists.
    await createDataExtension(mce, { ...target, folderId: await folder("dataextension", "Mine"), fields });
    const sql = "SELECT 1 AS Id FROM Customers";
    const draft = { customerKey, name, folderId, sql, target, updateType: "Overwrite" } as const;
    return valueOf(await createQueryDefinition(mce, draft)).objectId;
  }

  /** A shell that a run left behind a day ago. */
  async function leftover(id = aRunId(), hoursAgo = 25): Promise<string> {
    const [tables, queries] = [await folder("dataextension"), await folder("queryactivity")];
    return inThePast(hoursAgo, async () => {
      const key = keyOf(id);
      await table(key, `QPP_Results_${id.slice(0, 8)}`, tables);
      await query(key, `QPP_Results_${id.slice(0, 8)}`, queries);
      return id;
    });
  }

  /** Keys of what is there, as `kind:key`. */
  async function present(): Promise<Set<string>> {
    const { dataExtensions, queries } = await world.ask<State>("state");
    const active = queries.filter(({ status }) => status === "Active");
    return new Set([...dataExtensions.map(({ key }) => `de:${key}`), ...active.map(({ key }) => `qd:${key}`)]);
  }

  /** Puts a command on the intake, as the edge does. */
  async function command(overrides: { sweepId?: string; at?: number; isDryRun?: boolean } = {}): Promise<string> {
    const sweep = {
      kind: "sweep",
      sweepId: `manual-${randomBytes(4).toString("hex")}`,
      at: Date.now(),
      isDryRun: false,
      ...overrides,
    };
    await world.redis.xadd(intakeStream, "*", intakeField, JSON.stringify(sweep));
    return sweep.sweepId;
  }
  /** What a sweep has recorded, as soon as there is something. */
  function summary(sweepId: string, tenant: string = tenantId) {
    return soon(async () => {
      const [row] = await world.rows(
        "select found, deleted, failed, error from sqe.sweeps where sweep_id = $1 and tenant_id = $2",
        [sweepId, tenant],
      );
      if (row === undefined) throw new Error(`no summary of ${sweepId}; ${JSON.stringify(world.logged.slice(-5))}`);
      return row;
    });
  }
  /** Writes what Postgres has of a run. */
  async function run(
    id: string,
    status: string,
    { expiresAt, targetKey, hoursAgo = 25 }: { expiresAt?: number; targetKey?: string; hoursAgo?: number } = {},
  ) {
    const iso = (at: number) => new Date(at).toISOString();
    const view = targetKey === undefined ? {} : { target: { customerKey: targetKey } };
    await world.query(
      `insert into sqe.runs (id, tenant_id, user_id, mid, version, status, created_at, expires_at, view)
     values ($1, $2, 'somebody', $3, 1, $4, $5, $6, $7)`,
      [id, tenantId, mid, status, iso(Date.now() - hoursAgo * hour), expiresAt && iso(expiresAt), JSON.stringify(view)],
    );
  }
}
