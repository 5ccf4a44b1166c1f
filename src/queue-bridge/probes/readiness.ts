import type { Platform } from "#async/platform.ts";
import { shared } from "#async/shared.ts";
import type { EdgeCall, EdgeProbe } from "../edge/edge.ts";
import type { Liveness } from "./liveness.ts";

/** Why a bridge takes no work: what it cannot reach, or that it shuts down. Empty while it is ready. */
type NotReady = "leaving" | "redis" | "edge";

export type Readiness = {
  /** Notes a request to the edge: while runs are at work, the edge need not be asked. */
  asked(call: EdgeCall): void;
  whyNot(): Promise<readonly NotReady[]>;
};

export type ReadinessDeps = {
  edge: EdgeProbe;
  liveness: Pick<Liveness, "sinceTurnMs">;
  platform: Pick<Platform, "monotonic">;
  leaving: AbortSignal;
};

/** The loop that takes entries over asks Redis every 4 s, so readiness costs no command of its own. */
const redisSilentMs = 15_000;
/** An idle bridge that is asked often for its readiness sends two requests a minute to the edge. */
const edgeFreshMs = 30_000;
const edgeAwayMs = 5000;

/** Opens the readiness of one bridge: it reaches Redis and the edge, and does not shut down. */
export function openReadiness({ edge, liveness, platform, leaving }: ReadinessDeps): Readiness {
  let answeredAt = -Infinity;
  const now = () => platform.monotonic();
  const probe = shared<boolean>(
    now,
    (isThere) => (isThere ? 0 : edgeAwayMs),
    async () => (await edge.probe()).kind !== "unreachable",
  );
  const isEdgeThere = async () => now() - answeredAt < edgeFreshMs || (await probe());

  return {
    asked({ outcome }) {
      if (outcome !== "unreachable") answeredAt = now();
    },
    async whyNot() {
      const why: NotReady[] = [];
      if (leaving.aborted) why.push("leaving");
      if (liveness.sinceTurnMs("take-over") > redisSilentMs) why.push("redis");
      if (!(await isEdgeThere())) why.push("edge");
      return why;
    },
  };
}
