/**
 * Holds a compiled policy to keeping nothing but the words of state: other threads, and snapshots,
 * would not know of it.
 */
import type { Transform } from "assemblyscript/transform";

interface Element {
  readonly kind: number;
  readonly name: string;
  readonly members?: ReadonlyMap<string, Element> | null;
  is(flag: number): boolean;
}

interface Program {
  readonly filesByName: ReadonlyMap<string, Element>;
}

/** What the compiler says of its numbers. */
export interface CompilerTerms {
  readonly ElementKind: { readonly Global: number };
  readonly CommonFlags: { readonly Const: number };
}

/** Sections of a WebAssembly module that the core does not have. */
const DATA_SECTION = 11;

/**
 * A transform of the compiler that looks at the file of this path, without its extension.
 * @param report told what is wrong
 */
export function statelessCheck(
  { ElementKind, CommonFlags }: CompilerTerms,
  file: string,
  report: (fault: string) => void,
): typeof Transform {
  const isVariable = (element: Element) => element.kind === ElementKind.Global && !element.is(CommonFlags.Const);
  const variables = (element: Element): string[] => [
    ...(isVariable(element) ? [element.name] : []),
    ...[...(element.members?.values() ?? [])].flatMap(variables),
  ];
  class StatelessCheck {
    /** The compiler puts it here. */
    declare readonly program: Program;

    afterCompile(module: { getFunction(name: string): number }): void {
      const policy = this.program.filesByName.get(file);
      if (policy === undefined) throw new Error(`the compiler has not met ${file}`);
      for (const name of variables(policy))
        report(`the variable ${name} would outlive a decision; keep words of state`);
      if (module.getFunction("~lib/rt/stub/__new") !== 0) report(NO_OBJECTS);
    }
  }
  return StatelessCheck as unknown as typeof Transform;
}

export const NO_OBJECTS = "it makes objects, arrays or texts; numbers and words of state are all there is";

/** Whether a module has data of its own: arrays, texts. */
export function hasData(wasm: Uint8Array): boolean {
  for (let at = 8; at < wasm.length; ) {
    const section = wasm[at++]!;
    if (section === DATA_SECTION) return true;
    let length = 0;
    let shift = 0;
    for (let more = true; more; shift += 7) {
      const byte = wasm[at++]!;
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += length;
  }
  return false;
}
