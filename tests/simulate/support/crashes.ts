import type { Crash } from "./life.ts";
import { calmScript, type Mode } from "./script.ts";
import { simulate } from "./simulate.ts";

type Effects = readonly string[];
/** Picks the effects of a life to crash at, by their numbers. */
type Places = (effects: Effects) => readonly number[];

/** The effects from the request for a grant until the answer to Perform is recorded, or until the next poll. */
export const windowOf: Places = (effects) => {
  const first = effects.findIndex((what) => what === "edge grant" || what === "REST isrunning");
  const from = first < 0 ? 0 : first;
  return effects.slice(from, from + 6).map((_, index) => from + index + 1);
};

/**
 * Plays a run once for each crash of its bridge, and for each pair of crashes when `again` picks those of the next life. It
 * must end well, and every invariant must hold.
 *
 * @returns what broke, and the history of the first; empty: nothing broke
 */
export async function tryCrashes(mode: Mode, places: Places, again?: Places): Promise<string> {
  const calm = await simulate(calmScript(mode));
  const [effects = []] = calm.effects;
  const broken = calm.violations.map((what) => ({ what: `without a crash: ${what}`, print: calm.print }));
  for (const first of crashesAt(effects, places(effects), again !== undefined)) {
    const once = await play(mode, [[first]]);
    broken.push(...once.broken);
    const next = once.effects[1] ?? [];
    const seconds = again === undefined ? [] : crashesAt(next, again(next), true);
    for (const second of seconds) broken.push(...(await play(mode, [[first], [second]])).broken);
  }
  return told(broken);
}

/** Plays a run once for each effect of its bridge, and cancels it just before that. @returns as `tryCrashes` */
export async function tryCancels(mode: Mode): Promise<string> {
  const { effects } = await simulate(calmScript(mode));
  const broken: Broken[] = [];
  for (const [index] of (effects[0] ?? []).entries()) {
    for (const when of ["canceled", "canceled unheard"] as const) {
      broken.push(...(await play(mode, [[{ effect: index + 1, when }]])).broken);
    }
  }
  return told(broken);
}

/** Plays a run of one of two bridges once for each of its effects, and lets it stand still just after that. @returns as `tryCrashes` */
export async function tryStalls(mode: Mode, places: Places): Promise<string> {
  const { effects } = await simulate(calmScript(mode, { skewsMs: two }));
  const broken: Broken[] = [];
  for (const effect of places(effects[0] ?? [])) {
    broken.push(...(await play(mode, [[{ effect, when: "stalled" }]], two)).broken);
  }
  return told(broken);
}

/** Of the clocks of two bridges. */
const two = [0, 0];

type Broken = { what: string; print: () => string };

function told(broken: readonly Broken[]): string {
  return [...broken.map(({ what }) => what), broken[0]?.print() ?? ""].join("\n").trim();
}

/** @param isDeath only what ends a life */
function crashesAt(effects: Effects, places: readonly number[], isDeath: boolean): Crash[] {
  return places.flatMap((effect) => {
    const isRequest = /^(edge|SOAP|REST|AUTH) /.test(effects[effect - 1] ?? "");
    const lost: Crash["when"][] = isRequest && !isDeath ? ["unsent", "unanswered"] : [];
    return [...(["before", "after"] as const), ...lost].map((when) => ({ effect, when }));
  });
}

async function play(mode: Mode, crashes: readonly (readonly Crash[])[], skewsMs = [0]) {
  const { violations, effects, print } = await simulate(calmScript(mode, { crashes, skewsMs }));
  const places = crashes.map(([crash], life) => `${crash?.when} ${effects[life]?.[(crash?.effect ?? 0) - 1]}`);
  const which = `${JSON.stringify(crashes)} (${places.join(", then ")})`;
  return { effects, broken: violations.map((what) => ({ what: `${which}: ${what}`, print })) };
}
