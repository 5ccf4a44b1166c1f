/** The milliseconds that something takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** Times several things alternately, so that the load of the machine affects all of them. */
export async function alternately(count: number, acts: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = acts.map(() => []);
  for (let round = 0; round < count; round += 1) {
    for (const [at, act] of acts.entries()) times[at]?.push(await timed(act));
  }
  return times;
}
