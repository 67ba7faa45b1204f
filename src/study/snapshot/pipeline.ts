/** Work on blocks in parallel, their results in order. */

/** Leaves one of the four threads of the usual pool to file operations. */
export const BLOCKS_IN_FLIGHT = 3;

/**
 * Starts the work on each item and finishes in the order of the items. The work on an item is
 * started only when the item BLOCKS_IN_FLIGHT before it is finished, so the two may share a buffer.
 */
export async function inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  start: (item: Item) => Promise<Result>,
  finish: (result: Result) => void | Promise<void>,
): Promise<void> {
  const started: Promise<Result>[] = [];
  for await (const item of items) {
    const work = start(item);
    // It may fail while an earlier one is awaited, or after one has failed and nobody asks any
    // more.
    work.catch(() => {});
    started.push(work);
    if (started.length === BLOCKS_IN_FLIGHT) await finish(await started.shift()!);
  }
  for (const work of started) await finish(await work);
}
