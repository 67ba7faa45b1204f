/** A global port of a group. */
export interface GlobalPort {
  readonly router: number;
  /** Among the global ports of the router. */
  readonly port: number;
}

export interface GlobalLink {
  readonly own: GlobalPort;
  readonly otherGroup: number;
  readonly other: GlobalPort;
}

/**
 * The links between the groups of a dragonfly. The `a·h` global ports of a group are spread evenly
 * over the other groups; what is left over goes, a link each, to the nearest ones of either side.
 * Links are numbered round by round, group by group at growing distance, and take the ports of the
 * first router first: so the links to one group are at different routers. An odd port that no group
 * is left for has no link.
 */
export class GlobalLinks {
  /** By number: distance of the other group (its number minus the own one, modulo groups). */
  private readonly links: readonly { readonly distance: number; readonly round: number }[];
  private readonly numbers = new Map<string, number>();
  private readonly groups: number;
  private readonly h: number;

  constructor({ a, h, groups }: { readonly a: number; readonly h: number; readonly groups: number }) {
    this.groups = groups;
    this.h = h;
    const others = groups - 1;
    const each = Math.floor((a * h) / others);
    const rest = (a * h) % others;
    const links: { distance: number; round: number }[] = [];
    for (let round = 0; round < each; round++) {
      for (let distance = 1; distance <= others; distance++) links.push({ distance, round });
    }
    // Both sides of a link have one: distances d and groups - d go together.
    let left = rest;
    if (left % 2 === 1 && groups % 2 === 0) {
      links.push({ distance: groups / 2, round: each });
      left -= 1;
    }
    for (let distance = 1; left >= 2 && distance < groups / 2; distance++) {
      links.push({ distance, round: each }, { distance: groups - distance, round: each });
      left -= 2;
    }
    this.links = links;
    links.forEach(({ distance, round }, number) => {
      this.numbers.set(`${distance} ${round}`, number);
    });
  }

  /** Global ports of a router that have a link. */
  countAt(router: number): number {
    return Math.max(0, Math.min(this.h, this.links.length - router * this.h));
  }

  /** Links of a group, each with its other end. */
  of(group: number): GlobalLink[] {
    return this.links.map(({ distance, round }, number) => {
      const other = this.numbers.get(`${this.groups - distance} ${round}`)!;
      return {
        own: this.portOf(number),
        otherGroup: (group + distance) % this.groups,
        other: this.portOf(other),
      };
    });
  }

  /** Ports of a group whose links lead to another. */
  between(group: number, other: number): GlobalPort[] {
    const distance = (other - group + this.groups) % this.groups;
    const ports: GlobalPort[] = [];
    for (let round = 0; this.numbers.has(`${distance} ${round}`); round++) {
      ports.push(this.portOf(this.numbers.get(`${distance} ${round}`)!));
    }
    return ports;
  }

  private portOf(number: number): GlobalPort {
    return { router: Math.floor(number / this.h), port: number % this.h };
  }
}
