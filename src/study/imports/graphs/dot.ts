/**
 * DOT. Read here: @ts-graphviz/ast tells no places of faults, and refuses subgraphs as ends of
 * edges.
 */
import type { SourceFile } from "../common/source.js";
import { DotTokens, type Token } from "./dot-tokens.js";
import { MAX_EDGES, MAX_NODES, type ReadEdge, type ReadGraph, type ReadNode, type Value } from "./graph.js";

const LARGEST_FILE = 2 ** 27;
const DEEPEST = 64;
/** Of a node, an edge, or the defaults of a subgraph. */
const MAX_ATTRIBUTES = 256;

type Attributes = Map<string, Value>;
/** Defaults of `node [...]` and `edge [...]` in a subgraph. */
interface Scope {
  readonly node: Attributes;
  readonly edge: Attributes;
}

/** The grammar of graphviz.org; ports of nodes are skipped. */
export async function readDot(file: SourceFile): Promise<ReadGraph> {
  return new DotReader(file, await file.text(LARGEST_FILE)).read();
}

class DotReader {
  private readonly tokens: DotTokens;
  private token: Token;
  private isDirected = false;
  private readonly nodes = new Map<string, ReadNode & { readonly attributes: Attributes }>();
  private readonly edges: ReadEdge[] = [];

  constructor(
    private readonly file: SourceFile,
    text: string,
  ) {
    this.tokens = new DotTokens(file, text);
    this.token = this.tokens.next();
  }

  read(): ReadGraph {
    if (this.isWord("strict")) this.advance();
    if (!this.isWord("graph") && !this.isWord("digraph")) this.expected("graph or digraph");
    this.isDirected = this.isWord("digraph");
    this.advance();
    if (this.isId()) this.advance();
    this.mark("{");
    this.statements({ node: new Map(), edge: new Map() }, 0);
    this.mark("}");
    if (this.token.kind !== "end") this.expected("nothing after the graph");
    return { isDirected: this.isDirected, nodes: [...this.nodes.values()], edges: this.edges };
  }

  /** Statements up to the closing brace. @returns the nodes that they name */
  private statements(scope: Scope, depth: number): Set<string> {
    if (depth === DEEPEST) this.file.fail(`subgraphs lie more than ${DEEPEST} deep in each other`, this.token);
    const named = new Set<string>();
    while (!this.isMark("}")) {
      if (this.token.kind === "end") this.expected("}");
      if (this.isMark(";")) this.advance();
      else this.statement(scope, depth, named);
    }
    return named;
  }

  private statement(scope: Scope, depth: number, named: Set<string>): void {
    for (const kind of ["node", "edge", "graph"] as const) {
      if (!this.isWord(kind)) continue;
      this.advance();
      const attributes = this.attributes();
      if (kind === "graph") return;
      for (const [name, value] of attributes) scope[kind].set(name, value);
      if (scope[kind].size > MAX_ATTRIBUTES) this.file.fail(`more than ${MAX_ATTRIBUTES} attributes`, this.token);
      return;
    }
    const first = this.token;
    let ends = this.end(scope, depth);
    if (ends.length === 1 && this.isMark("=")) {
      this.advance();
      this.id();
      return;
    }
    const chain: (readonly string[])[] = [ends];
    while (this.isMark("--") || this.isMark("->")) {
      if (this.isMark("->") !== this.isDirected) this.expected(this.isDirected ? "->" : "--");
      this.advance();
      ends = this.end(scope, depth);
      chain.push(ends);
    }
    const attributes = this.attributes();
    for (const id of chain.flat()) {
      this.node(id, scope, first);
      named.add(id);
    }
    if (chain.length > 1) this.connect(chain, new Map([...scope.edge, ...attributes]), first);
    else if (chain[0]!.length === 1) {
      const own = this.nodes.get(chain[0]![0]!)!.attributes;
      for (const [name, value] of attributes) own.set(name, value);
    }
  }

  private connect(chain: readonly (readonly string[])[], attributes: Attributes, at: Token): void {
    for (let i = 1; i < chain.length; i++) {
      if (this.edges.length + chain[i - 1]!.length * chain[i]!.length > MAX_EDGES) {
        this.file.fail(`there are more than ${MAX_EDGES} edges`, at);
      }
      for (const source of chain[i - 1]!) {
        for (const target of chain[i]!) this.edges.push({ source, target, attributes, at });
      }
    }
  }

  /** A node, or the nodes of a subgraph. */
  private end(scope: Scope, depth: number): readonly string[] {
    if (this.isWord("subgraph") || this.isMark("{")) {
      if (this.isWord("subgraph")) {
        this.advance();
        if (this.isId()) this.advance();
      }
      this.mark("{");
      const inner = { node: new Map(scope.node), edge: new Map(scope.edge) };
      const named = this.statements(inner, depth + 1);
      this.mark("}");
      return [...named];
    }
    const id = this.id();
    for (let ports = 0; this.isMark(":") && ports < 2; ports++) {
      this.advance();
      this.id();
    }
    return [id];
  }

  private node(id: string, scope: Scope, at: Token): void {
    if (this.nodes.has(id)) return;
    if (this.nodes.size === MAX_NODES) this.file.fail(`there are more than ${MAX_NODES} nodes`, at);
    this.nodes.set(id, { id, attributes: new Map(scope.node), at });
  }

  private attributes(): Attributes {
    const attributes: Attributes = new Map();
    while (this.isMark("[")) {
      this.advance();
      while (!this.isMark("]")) {
        const name = this.id();
        let value = "true";
        if (this.isMark("=")) {
          this.advance();
          value = this.id();
        }
        attributes.set(name, value);
        if (attributes.size > MAX_ATTRIBUTES) this.file.fail(`more than ${MAX_ATTRIBUTES} attributes`, this.token);
        if (this.isMark(",") || this.isMark(";")) this.advance();
      }
      this.advance();
    }
    return attributes;
  }

  /** A word or a text in quotes; texts may be joined by +. */
  private id(): string {
    if (!this.isId()) this.expected("a name");
    let { text } = this.token;
    this.advance();
    while (this.isMark("+")) {
      this.advance();
      if (this.token.kind !== "quoted") this.expected("a text in quotes");
      text += this.token.text;
      this.advance();
    }
    return text;
  }

  private isId(): boolean {
    return this.token.kind === "id" || this.token.kind === "quoted";
  }

  private isWord(word: string): boolean {
    return this.token.kind === "id" && this.token.text.toLowerCase() === word;
  }

  private isMark(mark: string): boolean {
    return this.token.kind === "mark" && this.token.text === mark;
  }

  private mark(mark: string): void {
    if (!this.isMark(mark)) this.expected(mark);
    this.advance();
  }

  private advance(): void {
    this.token = this.tokens.next();
  }

  private expected(what: string): never {
    const { kind, text } = this.token;
    const found = kind === "end" ? "the end of the file" : JSON.stringify(text.slice(0, 40));
    return this.file.fail(`${found} stands where ${what} is expected`, this.token);
  }
}
