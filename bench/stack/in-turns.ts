/** Does something `count` times, `width` at once. @param act receives the index, from 0 on */
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
