import fc from "fast-check";

/** Small dragonflies of any shape: routers of a group, hosts and global links of a router, groups. */
export const randomShape = fc
  .record({
    a: fc.integer({ min: 1, max: 4 }),
    p: fc.integer({ min: 1, max: 2 }),
    h: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 2, max: 7 }),
  })
  .filter(({ a, h, groups }) => groups <= a * h + 1);
