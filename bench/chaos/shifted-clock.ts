/**
 * Loaded before a program (`node --import`): its clock is wrong by CHAOS_CLOCK_AHEAD_MS, as that of a machine is whose time
 * nobody sets. Only this process sees it. Timers and `performance.now()` stay as they are: they count from the start of the machine.
 */
const aheadMs = Number(process.env["CHAOS_CLOCK_AHEAD_MS"]);
if (!Number.isInteger(aheadMs)) throw new Error("Cannot shift the clock: CHAOS_CLOCK_AHEAD_MS is no whole number");

const rightNow = Date.now.bind(Date);
const now = () => rightNow() + aheadMs;

globalThis.Date = new Proxy(Date, {
  get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  apply: (target) => new target(now()).toString(),
});
