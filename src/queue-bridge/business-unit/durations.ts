import { createHmac } from "node:crypto";
import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import type { Database } from "#db/database.ts";
import { learnDuration, readDurations } from "#db/durations.ts";
import type { RunSpec } from "#protocol/claim.ts";
import { shapeOf } from "#sql/shape.ts";
import { UsualDuration } from "../verdict/usual-duration.ts";
import { placesOf } from "#lang/places.ts";
import type { Log } from "../log.ts";

/** How long queries usually take. When Postgres is unreachable, only this knowledge is missing. */
export type Durations = {
  /** The usual duration of queries of this shape, in this business unit and into this kind of target. */
  read(spec: RunSpec): Promise<UsualDuration | undefined>;
  /** Adds one run. @param units how long it took, in shortest poll waits */
  learn(spec: RunSpec, units: number): Promise<void>;
};

/** Timeout of the read: the plain poll schedule is good enough to go on with. */
const patienceMs = 1000;

/**
 * Opens the durations in Postgres. A shape is stored as a keyed hash, so that a reader of Postgres cannot test which query
 * it belongs to. The key is the vault's oldest: a secret that Postgres does not have, and one that survives a rotation,
 * because a new vault key is put before it. When it is removed from the list, the durations are lost and learned again.
 *
 * @param vaultKeys as `openVault` reads them: `kid:base64`, comma separated, newest first
 */
export function openDurations(db: Database, vaultKeys: string, platform: Pick<Platform, "sleep">, log: Log): Durations {
  const oldestKey = vaultKeys.slice(vaultKeys.lastIndexOf(":") + 1).trim();
  const shapeKey = ({ sql, flow, target, total }: RunSpec) =>
    createHmac("sha256", `query-shape:${oldestKey}`)
      .update(JSON.stringify([flow, target?.mode, shapeOf(sql), ...(total === true ? ["total"] : [])]))
      .digest("hex");
  return {
    async read(spec) {
      try {
        const reading = readDurations(db, spec.tenancy, shapeKey(spec));
        const known = UsualDuration.safeParse(await deadline(platform, reading, patienceMs, () => undefined));
        return known.success ? known.data : undefined;
      } catch (error) {
        log("durations unreadable", { runId: spec.id, places: placesOf(error) });
        return undefined;
      }
    },
    async learn(spec, units) {
      try {
        await learnDuration(db, spec.tenancy, shapeKey(spec), Math.log(units));
      } catch (error) {
        log("duration not recorded", { runId: spec.id, places: placesOf(error) });
      }
    },
  };
}
