import { escapeLiteral } from "pg";
import { jurisdictionGap, type Jurisdiction } from "#db/jurisdiction.ts";
import { neededMigration } from "#db/needed-schema.ts";
import { readRecord } from "../migrations/record.ts";
import type { Session } from "../migrations/session.ts";

/**
 * Checks that the database can be set up. Changes nothing, but for the choice of a jurisdiction, which is made here the first
 * time (D35).
 *
 * @param hasVaultKeys whether the keys of an earlier set-up are at hand
 * @throws with what to do
 */
export async function assertCanSetUp(
  owner: Session,
  wanted: { jurisdiction: Jurisdiction; hasVaultKeys: boolean },
): Promise<void> {
  if ((await readRecord(owner))?.includes(neededMigration) !== true) {
    throw new Error(`Cannot set up: the database lacks migration ${neededMigration}; run npm run migrate first`);
  }
  const mighty = await owner.query(
    "select rolname from pg_roles where rolname like 'sqe\\_%' and (rolsuper or rolbypassrls) limit 1",
  );
  if (mighty.rows[0] !== undefined) {
    throw new Error(
      `Cannot set up: role ${String(mighty.rows[0]["rolname"])} may bypass row level security; drop it, and let npm run migrate make it`,
    );
  }
  if (!wanted.hasVaultKeys) {
    // The owner is a member of sqe_definer, whose policy shows these rows.
    const { rows } = await owner.query("select from sqe.connections limit 1");
    if (rows.length > 0) {
      throw new Error(
        "Cannot set up: the database has connections, but the keys that sealed their secrets are not here; put VAULT_KEYS, as the Worker has it, into operator.env",
      );
    }
  }
  const chosen = await owner.query(`select sqe.choose_jurisdiction(${escapeLiteral(wanted.jurisdiction)}) as held`);
  const gap = jurisdictionGap(wanted.jurisdiction, String(chosen.rows[0]?.["held"]));
  if (gap !== undefined) throw new Error(gap.replace("Cannot start", "Cannot set up"));
}

/** Gives roles their passwords. @throws when the owner may not */
export async function setPasswords(owner: Session, passwords: Readonly<Record<string, string>>): Promise<void> {
  for (const [role, password] of Object.entries(passwords)) {
    // As plain text: Neon's proxy has to learn it. A failed statement's error quotes nothing of it.
    await owner.query(`alter role ${role} password ${escapeLiteral(password)}`).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : "unknown";
      throw new Error(`Cannot set the password of ${role}: ${reason}`, { cause: error });
    });
  }
}
