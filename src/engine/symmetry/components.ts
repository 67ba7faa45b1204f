/**
 * Parts of a run that have nothing to do with each other, and how many copies of each there are.
 */
import { type Classes, firstOf, sizeOf } from "./classes.js";
import { Sets } from "./sets.js";

/** Classes that belong together: each has `copies` members, one for each copy. */
export interface Component {
  readonly copies: number;
  readonly classes: readonly number[];
}

/** Null where members do not add up to whole copies; that does not happen to sound classes. */
export function componentsOf(classes: Classes): Component[] | null {
  const roots = joined(classes);
  const byRoot = new Map<number, number[]>();
  for (let number = 0; number < classes.count; number++) {
    if (!isInUse(classes, number)) continue;
    const root = roots(number);
    const list = byRoot.get(root);
    if (list === undefined) byRoot.set(root, [number]);
    else list.push(number);
  }
  const components = [...byRoot.values()].map((list) => ({ copies: sizeOf(classes, list[0]!), classes: list }));
  const areWhole = components.every((component) =>
    component.classes.every((number) => sizeOf(classes, number) === component.copies),
  );
  return areWhole ? components : null;
}

/**
 * Ports that nothing leaves by are no parts of their own, unless links are looked at in both
 * directions.
 */
function isInUse(classes: Classes, number: number): boolean {
  const { firstPort, firstRank, whole, usage } = classes.parts;
  const part = firstOf(classes, number);
  if (whole || part < firstPort || part >= firstRank) return true;
  return usage.passFirst[part - firstPort + 1]! > usage.passFirst[part - firstPort]!;
}

/** What each class is joined to by a representative's ways, waits, ports and links. */
function joined(classes: Classes): (number: number) => number {
  const { parts, classOf, count } = classes;
  const { usage, firstPort, firstRank, groupOf, memberFirst, members, whole } = parts;
  const { wayFirst, hopPort, placeOf, ports, plan } = usage;
  const { upFirst, upFlow } = plan.flows;
  const sets = new Sets(count);
  const join = (a: number, b: number) => {
    sets.join(classOf[a]!, classOf[b]!);
  };
  for (let number = 0; number < count; number++) {
    const part = firstOf(classes, number);
    if (part < firstPort) {
      for (let hop = wayFirst[2 * part]!; hop < wayFirst[2 * part + 2]!; hop++) {
        join(part, firstPort + placeOf[hopPort[hop]!]!);
      }
      for (let i = upFirst[part]!; i < upFirst[part + 1]!; i++) join(part, upFlow[i]!);
    } else if (part < firstRank) {
      const place = part - firstPort;
      if (groupOf[place]! >= 0) join(part, groupOf[place]!);
      if (whole) join(part, firstPort + placeOf[plan.fabric.peerPort[ports[place]!]!]!);
    } else {
      const group = part - firstRank;
      for (let i = memberFirst[group]!; i < memberFirst[group + 1]!; i++) join(part, firstPort + members[i]!);
    }
  }
  return (number) => sets.rootOf(number);
}
