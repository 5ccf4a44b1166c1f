/** Whether so many letters, changed, moved, left out or swapped with a neighbor, make one word of another; for short words. */
export function distanceWithin(one: string, other: string, most: number): boolean {
  if (Math.abs(one.length - other.length) > most) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [left, right] = [one.slice(start), other.slice(start)];
  if (left === "" || right === "") return left.length + right.length <= most;
  if (most === 0) return false;
  const isSwap = left[0] === right[1] && left[1] === right[0];
  return (
    distanceWithin(left.slice(1), right.slice(1), most - 1) ||
    distanceWithin(left.slice(1), right, most - 1) ||
    distanceWithin(left, right.slice(1), most - 1) ||
    (isSwap && distanceWithin(left.slice(2), right.slice(2), most - 1))
  );
}
