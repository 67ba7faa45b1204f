/**
 * Binary search: the first of `count` places of which something is true that is true of all after
 * it; `count` where there is none.
 */
export function lowerBound(count: number, isTrue: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
