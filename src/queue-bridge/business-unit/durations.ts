import { createHmac } from "node:crypto";
import type { Platform } from "#async/platform.ts";
import { deadline } from "#async/deadline.ts";
import type { Database } from "#db/database.ts";
import { learnDuration, readDurations } from "#db/durations.ts";
import type { RunSpec } from "#protocol/claim.ts";
import { shapeOf } from "#sql/shape.ts";
import { UsualDuration } from "../verdict/usual-duration.ts";
import { placesOf, type Log } from "../log.ts";

/** What is known of how long queries take. Postgres out of reach costs only that knowledge. */
export type Durations = {
  /** The habit of queries of this shape, in this business unit and into this kind of target. */
  read(spec: RunSpec): Promise<UsualDuration | undefined>;
  /** Adds one run. @param units how long it took, in shortest poll waits */
  learn(spec: RunSpec, units: number): Promise<void>;
};

/** A Postgres that is slow is not waited for: the plain schedule does. */
const patienceMs = 1000;

/**
 * Opens what Postgres knows of durations. A shape stands there as a keyed hash, so that whoever reads Postgres cannot try
 * which query it may be of. The key is the vault's oldest: it is a secret that Postgres does not hold, and the one secret
 * that stays when others are rotated, because a new vault key is put before it. Taken out of the list, it takes the
 * durations with it, and the next runs teach them anew.
 *
 * @param vaultKeys as `openVault` reads them: `kid:base64`, comma separated, newest first
 */
export function openDurations(db: Database, vaultKeys: string, platform: Pick<Platform, "sleep">, log: Log): Durations {
  const oldestKey = vaultKeys.slice(vaultKeys.lastIndexOf(":") + 1).trim();
  const shapeKey = ({ sql, flow, target }: RunSpec) =>
    createHmac("sha256", `query-shape:${oldestKey}`)
      .update(JSON.stringify([flow, target?.mode, shapeOf(sql)]))
      .digest("hex");
  return {
    async read(spec) {
      try {
        const reading = readDurations(db, spec.tenancy, shapeKey(spec));
        const known = UsualDuration.safeParse(await deadline(platform, reading, patienceMs, () => undefined));
        return known.success ? known.data : undefined;
      } catch (error) {
        log("durations not readable", { runId: spec.id, places: placesOf(error) });
        return undefined;
      }
    },
    async learn(spec, units) {
      try {
        await learnDuration(db, spec.tenancy, shapeKey(spec), Math.log(units));
      } catch (error) {
        log("duration not learned", { runId: spec.id, places: placesOf(error) });
      }
    },
  };
}
