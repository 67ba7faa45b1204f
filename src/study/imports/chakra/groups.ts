/** Process groups: from a JSON file of ASTRA-sim, or from metadata nodes of PyTorch. */
import type { SourceFile } from "../common/source.js";

const LARGEST_FILE = 2 ** 26;

/** Ranks by the name of a process group. Left out, empty or "0" is all ranks. */
export class ProcessGroups {
  private readonly ranks = new Map<string, readonly number[]>();
  private readonly world: readonly number[];

  constructor(private readonly rankCount: number) {
    this.world = Array.from({ length: rankCount }, (_, rank) => rank);
  }

  /** Undefined where there is no such group. */
  of(name: string): readonly number[] | undefined {
    const known = this.ranks.get(name);
    if (known !== undefined) return known;
    return name === "" || name === "0" ? this.world : undefined;
  }

  get names(): readonly string[] {
    return [...this.ranks.keys()];
  }

  /** `{ "1": [0, 1], "2": [2, 3] }`. @throws ScenarioError */
  async readJson(file: SourceFile): Promise<void> {
    const text = await file.text(LARGEST_FILE);
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (cause) {
      file.fail(`is no JSON: ${(cause as Error).message}`);
    }
    if (typeof document !== "object" || document === null || Array.isArray(document)) {
      file.fail('is no map of groups; write e.g. { "1": [0, 1], "2": [2, 3] }');
    }
    for (const [name, ranks] of Object.entries(document as object)) {
      const fault = this.add(name, ranks);
      if (fault !== undefined) file.fail(fault);
    }
  }

  /** Groups of a metadata node: a list of `{ pg_name, ranks }` as text, maybe in another list. */
  readMetadata(inputs: string): string | undefined {
    const [first, last] = [inputs.indexOf("[{"), inputs.lastIndexOf("}]")];
    if (first < 0 || last < first || !inputs.includes("pg_name")) return undefined;
    const list = parsed(inputs.slice(first, last + 2));
    if (!Array.isArray(list)) return "its list of process groups is no JSON";
    for (const each of list as { pg_name?: unknown; ranks?: unknown }[]) {
      if (typeof each !== "object" || each === null) return "its list of process groups has an entry that is no map";
      const name = each.pg_name;
      if (typeof name !== "string" && typeof name !== "number") return "a process group has no pg_name";
      const isWorld = Array.isArray(each.ranks) && each.ranks.length === 0;
      const fault = this.add(String(name), isWorld ? this.world : each.ranks);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Returns what is wrong. Ranks may tell of one group several times. */
  private add(name: string, ranks: unknown): string | undefined {
    const group = `process group ${JSON.stringify(name.slice(0, 60))}`;
    if (!Array.isArray(ranks) || ranks.length === 0) return `${group} has no list of ranks`;
    const isRank = (rank: unknown) =>
      Number.isInteger(rank) && (rank as number) >= 0 && (rank as number) < this.rankCount;
    if (!ranks.every(isRank)) return `${group} has ranks that are not there; there are ${this.rankCount}`;
    if (new Set(ranks).size < ranks.length) return `${group} has a rank twice`;
    const known = this.ranks.get(name);
    if (known !== undefined && known.join() !== ranks.join()) return `${group} has other ranks elsewhere`;
    this.ranks.set(name, ranks as number[]);
    return undefined;
  }
}

/** Text of JSON, or of JSON inside a string. */
function parsed(text: string): unknown {
  for (const each of [text, text.replaceAll('\\"', '"')]) {
    try {
      return JSON.parse(each);
    } catch {
      // The other form may be right.
    }
  }
  return undefined;
}
