/**
 * Two neighbouring stages of a Clos: children below, parents above, every child linked to every
 * parent. Uplink `m` of each child goes to parent `m mod parents`, so that a parent has equally
 * many links to each of its children, side by side.
 */
export interface Stage {
  readonly children: number;
  /** Uplinks of each child. */
  readonly uplinks: number;
  readonly parents: number;
}

/**
 * The fewest parents of `ports` ports that take all uplinks. `children` must not exceed `ports`.
 */
export function stageOf(children: number, uplinks: number, ports: number): Stage {
  const mostWidth = Math.floor(ports / children);
  return { children, uplinks, parents: Math.ceil(uplinks / mostWidth) };
}

/** Links between a parent and each of its children. */
export function widthOf({ uplinks, parents }: Stage, parent: number): number {
  return Math.floor(uplinks / parents) + (parent < uplinks % parents ? 1 : 0);
}

/**
 * Where uplink `uplink` of child `child` ends: the parent, and the port there when the ports down
 * come first, child by child.
 */
export function parentPort(stage: Stage, child: number, uplink: number): { parent: number; port: number } {
  const parent = uplink % stage.parents;
  return { parent, port: child * widthOf(stage, parent) + Math.floor(uplink / stage.parents) };
}
