/** Changes to a scenario's text that keep what else stands in it, comments too. */
import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from "yaml";
import type { LinkName } from "../worker/protocol.js";

/** What a click does to a link. Times in ns. */
export type LinkFault =
  | { readonly kind: "break"; readonly atNs: number; readonly untilNs?: number }
  | { readonly kind: "degrade"; readonly atNs: number; readonly rateBps: number };

/** The text with a fault more. */
export function withFault(text: string, { from, to, index }: LinkName, fault: LinkFault): string {
  return edited(text, (document) => {
    const item = document.createNode({
      kind: fault.kind === "break" ? "link-down" : "degraded-link",
      ...{ from, to },
      ...(index > 0 && { index }),
      ...(fault.kind === "degrade" && { rate: `${Math.max(1, Math.round(fault.rateBps / 1e6))}Mbps` }),
      at: time(fault.atNs),
      ...(fault.kind === "break" && fault.untilNs !== undefined && { until: time(fault.untilNs) }),
    });
    item.flow = true;
    const faults = document.get("faults");
    if (isSeq(faults)) {
      faults.items.push(item);
      faults.flow = false;
    } else document.set("faults", block(document, item));
  });
}

function block(document: Document, item: unknown): YAMLSeq {
  const list = document.createNode([]);
  list.flow = false;
  list.items.push(item as never);
  return list;
}

/** The text without the faults of a link that a click has made. */
export function withoutFaults(text: string, { from, to, index }: LinkName): string {
  return edited(text, (document) => {
    const faults = document.get("faults");
    if (!isSeq(faults)) return;
    faults.items = faults.items.filter((item) => {
      if (!isMap(item) || !["link-down", "degraded-link"].includes(String(item.get("kind")))) return true;
      const ends = [String(item.get("from")), String(item.get("to"))];
      return !(ends.includes(from) && ends.includes(to) && Number(item.get("index") ?? 0) === index);
    });
    if (faults.items.length === 0) document.delete("faults");
  });
}

/** A choice that the panes offer. */
export type Setting = "routing" | "flowControl";

/** The text with another routing policy or flow control. What belongs to the old one goes. */
export function withSetting(text: string, setting: Setting, value: string): string {
  const key = setting === "routing" ? "policy" : "kind";
  return edited(text, (document) => {
    const old = document.get(setting);
    if (setting === "routing" && isMap(old) && old.has("convergence")) {
      const kept = document.createNode({ [key]: value });
      kept.setIn(["convergence"], old.get("convergence"));
      kept.flow = true;
      return document.set(setting, kept);
    }
    const node = document.createNode({ [key]: value });
    node.flow = true;
    document.set(setting, node);
  });
}

/** What a text says of a setting; undefined where it says nothing. */
export function settingOf(text: string, setting: Setting): string | undefined {
  const value = parseDocument(text).getIn([setting, setting === "routing" ? "policy" : "kind"]);
  return typeof value === "string" ? value : undefined;
}

function edited(text: string, change: (document: Document) => void): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  change(document as unknown as Document);
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

function time(ns: number): string {
  return `${Math.max(0, Math.round(ns))}ns`;
}
