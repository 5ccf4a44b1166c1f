import { given } from "#lang/given.ts";
import type { Platform } from "#async/platform.ts";
import { answered, failed, type Answer, type MceFailure } from "#mce/failure.ts";
import type { Gate, MceCall, Passage } from "#mce/gate.ts";
import type { Budget } from "./budget.ts";
import type { CallClass } from "./call-class.ts";
import type { Limits } from "./limits.ts";
import type { Unit } from "./unit.ts";

/** What one run, one request or one sweep calls MCE through: a gate for each class, and one brake for all of them. */
export type Gates = {
  gate(callClass: CallClass): Gate;
  /** Waits for units that only these gates use, for a while. @returns as `Budget.reserve` */
  reserve: (callClass: CallClass, units: number, signal?: AbortSignal) => Promise<MceFailure | undefined>;
};

export type GatesDeps = {
  budget: Budget;
  platform: Pick<Platform, "monotonic" | "sleep">;
  unit: Unit;
  limits: Pick<Limits, "lapseMs">;
  /** How long a call of a class waits to be sent, in milliseconds; it is refused at once when that is too short. */
  patienceMs: (callClass: CallClass) => number;
  /** After a call that failed no more than `brakeCalls` go out in any `brakeMs`. */
  brakeMs: number;
};

/** Repeats and look-ups after a failure come in twos and threes; more of them at once help nobody. */
const brakeCalls = 6;

/** A call that went out; `isOpen` until its answer is there. */
type Sent = { at: number; isOpen: boolean };

/** Opens the gates. Nothing is asked until the first call. */
export function openGates({ budget, platform, unit, limits, patienceMs, brakeMs }: GatesDeps): Gates {
  let hasFailed = false;
  let sent: Sent[] = [];
  let pocket = { left: 0, until: 0 };

  /** How long the next call has to wait because of a failure before it. */
  function brakedFor(): number {
    const now = platform.monotonic();
    sent = sent.filter(({ at }) => now - at < brakeMs);
    const oldest = sent.at(-brakeCalls)?.at;
    return hasFailed && oldest !== undefined ? oldest + brakeMs - now : 0;
  }

  function takeFromPocket(): boolean {
    if (pocket.left < 1 || pocket.until < platform.monotonic() || budget.isPaused(unit)) return false;
    pocket.left -= 1;
    return true;
  }

  async function enter(callClass: CallClass, signal: AbortSignal | undefined): Promise<Answer<Passage>> {
    for (;;) {
      const waitMs = brakedFor();
      if (waitMs > 0) {
        if (await platform.sleep(waitMs, signal)) continue;
        return failed({ kind: "aborted", retry: "never", message: "The call was called off before it was sent" });
      }
      if (!takeFromPocket()) {
        const refusal = await budget.reserve(unit, callClass, 1, waitingOf(callClass, signal));
        if (refusal !== undefined) return failed(refusal);
      }
      // Others may have gone in the meantime.
      if (brakedFor() > 0) continue;
      const call = { at: platform.monotonic(), isOpen: true };
      sent.push(call);
      return answered((came) => leave(call, came));
    }
  }

  function waitingOf(callClass: CallClass, signal: AbortSignal | undefined) {
    return { patienceMs: patienceMs(callClass), ...given({ signal }) };
  }

  function leave(call: Sent, { status = 0, outcome, waitMs }: MceCall): void {
    call.isOpen = false;
    if (!hasFailed && (status >= 400 || outcome !== "ok")) {
      hasFailed = true;
      // What went well before it does not count, but what is on its way comes after it.
      sent = sent.filter(({ isOpen }) => isOpen);
    }
    if (waitMs !== undefined) budget.pause(unit, waitMs);
  }

  return {
    gate: (callClass) => ({ enter: ({ signal }) => enter(callClass, signal) }),
    async reserve(callClass, units, signal) {
      const now = platform.monotonic();
      const left = pocket.until < now ? 0 : pocket.left;
      if (left >= units && !budget.isPaused(unit)) return undefined;
      const refusal = await budget.reserve(unit, callClass, units - left, waitingOf(callClass, signal));
      if (refusal === undefined) pocket = { left: units, until: platform.monotonic() + limits.lapseMs };
      return refusal;
    },
  };
}
