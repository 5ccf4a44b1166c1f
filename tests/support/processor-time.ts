import process from "node:process";

/**
 * What `reference` takes on the idle machine that the bounds of the tests are for, in ms. A slower one, or one that is busy,
 * gets as much more time as this says.
 */
const idleReferenceMs = 13;
/** Code is slow until it has been compiled. */
const usualGoes = 4;

/** The time that some work takes of the processor, in ms: what else the machine does meanwhile is not counted. */
export function processorMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/**
 * The processor's time of the quickest of a few goes, in ms; one within the bound is enough. Beside busy processes the same
 * work takes more of it, because caches and the way to the memory are shared: where the bound is broken, the time is
 * divided by how much slower the machine is in that moment.
 *
 * @param goes 1 for work whose answer is remembered, and so is quick the second time
 */
export function quickestMs(work: () => void, boundMs: number, goes = usualGoes): number {
  let least = Number.POSITIVE_INFINITY;
  for (let go = 0; go < goes && least > boundMs; go += 1) {
    const ms = processorMs(work);
    least = Math.min(least, ms <= boundMs ? ms : ms / slowness());
  }
  return least;
}

/** How many times slower than the idle machine this one is now; at least 1. */
export function slowness(): number {
  const goes = Array.from({ length: usualGoes }, () => processorMs(reference));
  return Math.max(1, Math.min(...goes) / idleReferenceMs);
}

const text = "SELECT a, b FROM t WHERE x = 'y' AND ".repeat(2700);

/** Work of the same kind as what is measured, on 100,000 characters: it reads a text and makes many small objects. */
function reference(): void {
  const words = [...text.matchAll(/\w+|\s+|[^\w\s]/g)].map((found) => ({ at: found.index, word: found[0] }));
  JSON.parse(JSON.stringify(words));
}
