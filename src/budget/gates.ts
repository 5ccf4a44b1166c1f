import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import type { Platform } from "#async/platform.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import type { Gate, Passage } from "#mce/gate.ts";
import type { Budget } from "./budget.ts";
import type { CallClass } from "./call-class.ts";
import type { Limits } from "./limits.ts";
import type { BusinessUnit } from "#protocol/tenancy.ts";

/** The gates of one run, one request or one sweep: one for each class, with one brake for all of them. */
export type Gates = {
  gate(callClass: CallClass): Gate;
  /** Waits for units that only these gates can use, until they lapse; at most `Budget.unitsMax`. @returns as `Budget.reserve` */
  reserve: (callClass: CallClass, units: number, signal?: AbortSignal) => Promise<MceFailure | undefined>;
};

export type GatesDeps = {
  budget: Budget;
  platform: Pick<Platform, "monotonic" | "sleep">;
  unit: BusinessUnit;
  limits: Pick<Limits, "lapseMs">;
  /** How long a call of a class may wait, in milliseconds. It is refused at once when that is too short. */
  patienceMs: (callClass: CallClass) => number;
  /** After a failed call, no more than `brakeCalls` go out in any `brakeMs`. */
  brakeMs: number;
};

/** Opens the gates. Sends nothing. */
export function openGates({ budget, platform, unit, limits, patienceMs, brakeMs }: GatesDeps): Gates {
  const brake = openBrake(platform, brakeMs);
  let pocket = { left: 0, until: 0 };

  function takeFromPocket(): boolean {
    if (pocket.left < 1 || pocket.until < platform.monotonic() || budget.isPaused(unit)) return false;
    pocket.left -= 1;
    return true;
  }

  async function enter(callClass: CallClass, signal: AbortSignal | undefined): Promise<Answer<Passage>> {
    for (;;) {
      const waitMs = brake.waitMs();
      if (waitMs > 0) {
        if (await platform.sleep(waitMs, signal)) continue;
        return err({ kind: "aborted", retry: "never", message: "The call was canceled before it was sent" });
      }
      if (!takeFromPocket()) {
        const refusal = await budget.reserve(unit, callClass, 1, waitingOf(callClass, signal));
        if (refusal !== undefined) return err(refusal);
      }
      // Other calls may have gone out in the meantime.
      if (brake.waitMs() > 0) continue;
      const passage = brake.send();
      return ok((call) => {
        passage(call);
        if (call.waitMs !== undefined) budget.pause(unit, call.waitMs);
      });
    }
  }

  function waitingOf(callClass: CallClass, signal: AbortSignal | undefined) {
    return { patienceMs: patienceMs(callClass), ...given({ signal }) };
  }

  return {
    gate: (callClass) => ({ enter: ({ signal }) => enter(callClass, signal) }),
    async reserve(callClass, wanted, signal) {
      // More would not have been taken from any bucket.
      const units = Math.min(wanted, budget.unitsMax);
      const now = platform.monotonic();
      const left = pocket.until < now ? 0 : pocket.left;
      if (left >= units && !budget.isPaused(unit)) return undefined;
      const refusal = await budget.reserve(unit, callClass, units - left, waitingOf(callClass, signal));
      if (refusal === undefined) pocket = { left: units, until: platform.monotonic() + limits.lapseMs };
      return refusal;
    },
  };
}

/** After a failure, repeats and look-ups come in twos and threes. More of them at once help nobody. */
const brakeCalls = 6;

/** A call that was sent; `isOpen` until its answer has come. */
type Sent = { at: number; isOpen: boolean };

/** Opens the brake: after a failed call it lets no more than `brakeCalls` out in any `brakeMs`. */
function openBrake(platform: Pick<Platform, "monotonic">, brakeMs: number) {
  let hasFailed = false;
  let sent: Sent[] = [];
  return {
    /** How long the next call has to wait, in milliseconds. */
    waitMs(): number {
      const now = platform.monotonic();
      sent = sent.filter(({ at }) => now - at < brakeMs);
      const oldest = sent.at(-brakeCalls)?.at;
      return hasFailed && oldest !== undefined ? oldest + brakeMs - now : 0;
    },
    /** Counts a call as sent. @returns what takes its answer */
    send(): Passage {
      const call = { at: platform.monotonic(), isOpen: true };
      sent.push(call);
      return ({ status = 0, outcome }) => {
        call.isOpen = false;
        if (hasFailed || (status < 400 && outcome === "ok")) return;
        hasFailed = true;
        // Earlier calls that went well do not count, but those still under way do.
        sent = sent.filter(({ isOpen }) => isOpen);
      };
    },
  };
}
