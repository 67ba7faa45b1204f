/** Reads an algorithm of MSCCL, and checks that its parts name what is there. */
import type { SourceFile } from "../common/source.js";
import { readXml, type XmlElement } from "../common/xml.js";
import { type Algorithm, type Buffer, type Gpu, STEP_TYPES, STEPS, type Step, type Threadblock } from "./algorithm.js";

const LARGEST_FILE = 2 ** 28;
const MAX_GPUS = 1024;
/** Of all buffers of all GPUs. */
const MAX_CHUNKS = 2 ** 20;
const MAX_BLOCKS = 1024;
const MAX_CHANNELS = 1024;
const MAX_STEPS = 2 ** 22;

const ALGO = ["name", "proto", "nchannels", "nchunksperloop", "ngpus", "coll", "inplace", "outofplace"];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  algo: [...ALGO, "minBytes", "maxBytes", "redop"],
  gpu: ["id", "i_chunks", "o_chunks", "s_chunks"],
  tb: ["id", "send", "recv", "chan"],
  step: ["s", "type", "srcbuf", "srcoff", "dstbuf", "dstoff", "cnt", "depid", "deps", "hasdep"],
};
const PARENT: Readonly<Record<string, string | undefined>> = { algo: undefined, gpu: "algo", tb: "gpu", step: "tb" };

/** @throws ScenarioError with the place of the first fault */
export async function readAlgorithm(file: SourceFile): Promise<Algorithm> {
  let algorithm: (Omit<Algorithm, "gpus"> & { readonly ngpus: number; readonly channels: number }) | undefined;
  const gpus = new Map<number, Gpu>();
  let gpu: { readonly id: number; readonly blocks: Map<number, Threadblock> } | undefined;
  let block: Threadblock | undefined;
  let steps = 0;
  let chunks = 0;
  await readXml(file, LARGEST_FILE, {
    open(element, parents) {
      checkPlace(element, parents.at(-1)?.name);
      if (element.name === "algo") algorithm = algoOf(element, file);
      else if (element.name === "gpu") {
        const id = element.whole("id", 0, algorithm!.ngpus - 1);
        const own = chunksOf(element);
        if (gpus.has(id)) element.fail(`there is a gpu ${id} already`);
        gpu = { id, blocks: new Map() };
        for (const count of Object.values(own)) chunks += count;
        if (chunks > MAX_CHUNKS) element.fail(`more than ${MAX_CHUNKS} chunks in all buffers`);
        gpus.set(id, { chunks: own, blocks: [], line: element.line, column: element.column });
      } else if (element.name === "tb") {
        const id = element.whole("id", 0, MAX_BLOCKS - 1);
        if (gpu!.blocks.has(id)) element.fail(`there is a tb ${id} in this gpu already`);
        block = blockOf(element, gpu!.id, algorithm!);
        gpu!.blocks.set(id, block);
      } else {
        if (++steps > MAX_STEPS) element.fail(`more than ${MAX_STEPS} steps`);
        block!.steps.push(stepOf(element, block!));
      }
    },
    close(element) {
      if (element.name !== "gpu") return;
      const { blocks } = gpus.get(gpu!.id)!;
      for (let id = 0; id < gpu!.blocks.size; id++) {
        blocks.push(gpu!.blocks.get(id) ?? element.fail(`tb ${id} is missing; number them from 0`));
      }
    },
  });
  if (algorithm === undefined) file.fail("there is no <algo>");
  const { ngpus, channels: _, ...rest } = algorithm!;
  const all = Array.from({ length: ngpus }, (_, id) => gpus.get(id) ?? file.fail(`gpu ${id} of ${ngpus} is missing`));
  for (const each of all) checkSteps(each, file);
  return { ...rest, gpus: all };
}

function checkPlace(element: XmlElement, parent: string | undefined): void {
  const { name } = element;
  if (!Object.hasOwn(KNOWN, name)) element.fail("no element of MSCCL; known: algo, gpu, tb, step");
  if (PARENT[name] !== parent)
    element.fail(PARENT[name] === undefined ? "stands inside another element" : `belongs into <${PARENT[name]}>`);
  element.knownOnly(KNOWN[name]!);
}

function algoOf(element: XmlElement, file: SourceFile) {
  return {
    file,
    name: element.text("name") ?? "",
    collective: element.needed("coll"),
    protocol: element.choice("proto", ["Simple", "LL", "LL128"], "Simple"),
    chunksPerLoop: element.whole("nchunksperloop", 1, MAX_CHUNKS),
    isInPlace: element.whole("inplace", 0, 1, 0) === 1,
    ngpus: element.whole("ngpus", 1, MAX_GPUS),
    channels: element.whole("nchannels", 1, MAX_CHANNELS),
  };
}

function chunksOf(element: XmlElement): Record<Buffer, number> {
  const chunks = (name: string) => element.whole(name, 0, MAX_CHUNKS);
  return { i: chunks("i_chunks"), o: chunks("o_chunks"), s: chunks("s_chunks") };
}

function blockOf(
  element: XmlElement,
  id: number,
  { ngpus, channels }: { readonly ngpus: number; readonly channels: number },
): Threadblock {
  const send = element.whole("send", -1, ngpus - 1);
  const receive = element.whole("recv", -1, ngpus - 1);
  if (send === id || receive === id) element.fail(`gpu ${id} sends to or receives from itself`);
  const channel = element.whole("chan", 0, channels - 1, 0);
  return { send, receive, channel, steps: [], line: element.line, column: element.column };
}

function stepOf(element: XmlElement, block: Threadblock): Step {
  const number = element.whole("s", 0, MAX_STEPS);
  if (number !== block.steps.length) element.fail(`s is ${number}; steps of a tb are numbered from 0`);
  const type = element.choice("type", STEP_TYPES);
  const { receives, sends } = STEPS[type];
  if (sends && block.send < 0) element.fail(`${type} sends, and the tb has send="-1"`);
  if (receives && block.receive < 0) element.fail(`${type} receives, and the tb has recv="-1"`);
  const place = (side: "src" | "dst") => ({
    buffer: element.choice(`${side}buf`, ["i", "o", "s"], "i"),
    offset: element.whole(`${side}off`, -1, MAX_CHUNKS, 0),
  });
  const depid = element.whole("depid", -1, MAX_BLOCKS, -1);
  const deps = element.whole("deps", -1, MAX_STEPS, -1);
  return {
    type,
    src: place("src"),
    dst: place("dst"),
    count: element.whole("cnt", type === "nop" ? 0 : 1, MAX_CHUNKS, type === "nop" ? 0 : 1),
    after: depid < 0 ? undefined : { block: depid, step: deps },
    line: element.line,
    column: element.column,
  };
}

/** That buffers have the chunks, and that steps that are waited for are there. */
function checkSteps({ chunks, blocks }: Gpu, file: SourceFile): void {
  for (const { steps } of blocks) {
    for (const step of steps) {
      const { type, src, dst, count, after } = step;
      const { reduces, stores, receives, sends } = STEPS[type];
      const uses = [...(reduces || !receives ? [src] : []), ...(stores ? [dst] : [])];
      if (receives || sends || stores || reduces) {
        for (const { buffer, offset } of uses) {
          if (offset >= 0 && offset + count <= chunks[buffer]) continue;
          const what = `${type} of ${count} chunks at ${offset} of buffer ${buffer}, which has ${chunks[buffer]}`;
          file.fail(what, step);
        }
      }
      if (after === undefined) continue;
      const other = blocks[after.block];
      if (other === undefined) file.fail(`waits for tb ${after.block}, which this gpu does not have`, step);
      if (other!.steps[after.step] === undefined) {
        file.fail(`waits for step ${after.step} of tb ${after.block}, which has ${other!.steps.length}`, step);
      }
    }
  }
}
