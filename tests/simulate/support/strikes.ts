import { intakeField, intakeStream } from "#protocol/redis-keys.ts";
import { fault as sandboxFault, type Fault } from "../../../sandbox/faults.ts";
import type { Faults, Scene } from "./faults.ts";
import type { ModelMce } from "./mce.ts";
import type { Fate } from "./network.ts";
import { mceFaults, type Moment, type Strike } from "./script.ts";
import { ofObject, type Place, type Reached, type Step } from "./step.ts";

/** What strikes act on: all that faults do, and what only a moment can be struck with. */
type StruckScene = Scene & {
  mce: ModelMce;
  faults: Faults;
  /** Cancels the run. @param isHeard bridges hear of it */
  cancel: (isHeard: boolean) => void;
};

/** Opens the strikes of a script; without a list of them nothing is counted. */
export function openStrikes(
  strikes: readonly Strike[] | undefined,
  stepAt: (what: string) => Step | undefined,
  sceneOf: () => StruckScene,
) {
  const places: Place[] = [];
  const left = new Set(strikes);
  const fates: { fate: "lost" | "unanswered" | "repeated"; ms: number }[] = [];
  /** What Marketing Cloud was ordered to do wrong. */
  const orders: Fault[] = [];
  let calmAt = 0;
  let isEnded = false;
  let lastActor = 0;

  function due({ step, nth, what }: Place, when: Moment["when"]): Strike[] {
    const isNext = left.size < (strikes?.length ?? 0) && !ofObject(what);
    return [...left].filter(
      ({ at }) => at.step === step && at.when === when && (at.nth === "next" ? isNext : at.nth === nth),
    );
  }

  function blow(strike: Strike, what: string, actor: number): void {
    const scene = sceneOf();
    left.delete(strike);
    calmAt = Math.max(calmAt, scene.clock.now() + ("forMs" in strike ? strike.forMs : 0));
    scene.history.note("fault", `${strike.kind} ${strike.at.when} "${what}" at step ${strike.at.step}`);
    if (strike.kind === "message") fates.push(strike);
    else if (strike.kind === "MCE") {
      const order = sandboxFault.parse({ call: what, ...mceFaults[strike.fault] });
      orders.push(order);
      scene.mce.world.faults.add([order]);
    } else hit(strike, scene, actor);
  }

  return {
    /** Counts one thing that is done, and finds what strikes there. @param actor which bridge does it */
    reach(what: string, actor = lastActor): Reached {
      const step = strikes === undefined || isEnded ? undefined : stepAt(what);
      if (step === undefined) return nothing;
      lastActor = actor;
      const place = { step, nth: places.filter((one) => one.step === step).length + 1, what };
      places.push(place);
      const [before, after] = [due(place, "before"), due(place, "after")];
      const all = (list: Strike[]) => () => {
        for (const one of list) blow(one, what, actor);
      };
      return { ...(before.length > 0 && { strike: all(before) }), end: all(after) };
    },
    places,
    /** What happens to the next message, when it was struck. */
    fateOf(delayMs: number): Fate | undefined {
      const struck = fates.shift();
      if (struck === undefined) return undefined;
      const { fate, ms } = struck;
      if (fate === "lost") return { kind: "lost" };
      return fate === "unanswered"
        ? { kind: "unanswered", delayMs: delayMs + ms }
        : { kind: "repeated", delayMs, againMs: ms };
    },
    /** When the last that has struck so far is over. */
    calmAt: () => calmAt,
    /** How many have not struck: their moment did not come, or Marketing Cloud did not get the call. */
    left(): number {
      const list = sceneOf().mce.world.faults.list();
      return left.size + list.filter(({ fault }) => orders.includes(fault)).length;
    },
    end: () => void (isEnded = true),
  };
}

const nothing: Reached = { end: () => {} };

type Direct = Exclude<Strike, { kind: "message" | "MCE" }>;

function hit(strike: Direct, scene: StruckScene, actor: number): void {
  const { clock, redis, objects, mce, faults } = scene;
  const life = scene.bridges[actor]?.life;
  switch (strike.kind) {
    case "kill":
      return life?.die();
    case "stall":
      return life?.stall(strike.forMs);
    case "deploy":
      return void scene.bridges[actor]?.leave();
    case "clock set":
      return life?.setAhead(strike.byMs);
    case "cancel":
      return scene.cancel(strike.isHeard);
    case "status":
      return mce.misreport(strike.as);
    case "delivered again":
      return strike.isSame ? redis.repeat(intakeStream) : objects.deliverAgain();
    case "sweep": {
      const command = { kind: "sweep", sweepId: strike.sweepId, at: clock.now(), isDryRun: false };
      return void redis.xadd(intakeStream, [intakeField, JSON.stringify(command)]);
    }
    case "redis away":
    case "Postgres away":
    case "bridges cut from edge":
      return faults.begin({ ...strike, at: clock.now() }, scene);
    case "redis emptied":
    case "edge restart":
      return faults.begin({ kind: strike.kind, at: clock.now() }, scene);
  }
}
