/** The page's link is the scenario: compressed, behind the `#`, which browsers send to nobody. */

/** What a link says. */
export interface LinkState {
  readonly text: string;
  /** The changed run beside it. */
  readonly changed?: string;
  /** heddle that made the link, what the scenario meant to it, and what its run came to. */
  readonly version?: string;
  readonly digest?: string;
  readonly outcome?: string;
}

/** How the page is shown: in docs, talks and frames of other pages. */
export interface Flags {
  /** Picture and time alone, without editor, gallery and results. */
  readonly embed: boolean;
  readonly autoplay: boolean;
  /** Begins again at the end. */
  readonly loop: boolean;
  readonly speed: number;
  readonly theme: "light" | "dark" | undefined;
}

/** Format of what is compressed; another one is refused. */
const FORMAT = "1";
/** A scenario's text in a link, and what it may come to when it is unpacked. */
const LARGEST = 4 * 2 ** 20;

export async function encodeLink(state: LinkState, flags: Flags): Promise<string> {
  const fields = new URLSearchParams({ v: FORMAT, s: await packed(state.text) });
  if (state.changed !== undefined) fields.set("b", await packed(state.changed));
  if (state.version !== undefined) fields.set("h", state.version);
  if (state.digest !== undefined) fields.set("d", state.digest);
  if (state.outcome !== undefined) fields.set("r", state.outcome);
  if (flags.embed) fields.set("embed", "1");
  if (!flags.autoplay) fields.set("autoplay", "0");
  if (flags.loop) fields.set("loop", "1");
  if (flags.speed !== 1) fields.set("speed", `${flags.speed}`);
  if (flags.theme !== undefined) fields.set("theme", flags.theme);
  return `#${fields}`;
}

/** @throws Error with a message for the reader where the link is damaged or of another format */
export async function decodeLink(hash: string): Promise<LinkState | { readonly preset: string } | undefined> {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const preset = fields.get("preset");
  if (preset !== null) return { preset };
  const text = fields.get("s");
  if (text === null) return undefined;
  if (fields.get("v") !== FORMAT) throw new Error(`this link has format ${fields.get("v")}; this page reads ${FORMAT}`);
  const changed = fields.get("b");
  const [version, digest, outcome] = ["h", "d", "r"].map((name) => fields.get(name));
  return {
    text: await unpacked(text),
    ...(changed !== null && { changed: await unpacked(changed) }),
    ...(version && { version }),
    ...(digest && { digest }),
    ...(outcome && { outcome }),
  };
}

export function flagsOf(hash: string): Flags {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const speed = Number(fields.get("speed") ?? 1);
  const theme = fields.get("theme");
  return {
    embed: fields.get("embed") === "1",
    autoplay: fields.get("autoplay") !== "0",
    loop: fields.get("loop") === "1",
    speed: speed > 0 && speed <= 64 ? speed : 1,
    theme: theme === "light" || theme === "dark" ? theme : undefined,
  };
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(code: string): Promise<string> {
  try {
    const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > LARGEST) throw new RangeError("too long");
      parts.push(part.value);
    }
    return await new Blob(parts as BlobPart[]).text();
  } catch {
    throw new Error("this link is damaged: its scenario cannot be read");
  }
}
