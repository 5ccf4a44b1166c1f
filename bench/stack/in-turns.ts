/** Does something `count` times, so many at once. @param act is told which time it is, from 0 on */
export async function inTurns<T>(width: number, count: number, act: (at: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  let next = 0;
  const turn = async () => {
    while (next < count) {
      const at = next;
      next += 1;
      done.push(await act(at));
    }
  };
  await Promise.all(Array.from({ length: width }, turn));
  return done;
}
