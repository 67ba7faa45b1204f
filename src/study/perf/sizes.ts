/** More sizes than this are a typing error. */
export const MAX_SIZES = 1000;

/** Sizes from the first to the last by a factor, as nccl-tests takes them: `-b -e -f`. */
export function sizesOf(firstBytes: number, lastBytes: number, factor: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = firstBytes; size <= lastBytes && sizes.length <= MAX_SIZES; size *= factor) {
    const bytes = Math.floor(size);
    if (bytes !== sizes.at(-1)) sizes.push(bytes);
  }
  return sizes;
}
