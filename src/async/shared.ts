/**
 * Makes callers share an answer: while it is under way, and for some time afterward.
 *
 * @param freshMs how long this answer is shared, in milliseconds of `now`
 */
export function shared<T>(now: () => number, freshMs: (answer: T) => number, work: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = -Infinity;
  return () => {
    if (last !== undefined && now() < until) return last;
    const asked = work().then((answer) => {
      until = now() + freshMs(answer);
      return answer;
    });
    // A failure is not kept.
    asked.catch(() => (until = -Infinity));
    last = asked;
    until = Infinity;
    return asked;
  };
}
