/** Which receive takes which message. */
import type { SourceFile } from "../common/source.js";
import type { TraceBuilder } from "../common/trace-builder.js";
import { ANY } from "./parse.js";

/** A message or a receive that waits for its other end. */
export interface Pending {
  readonly rank: number;
  readonly peer: number;
  readonly tag: number;
  readonly bytes: number;
  readonly line: number;
}

/** Messages of one sender, receiver, tag and size: sent, and taken by receives that name them. */
interface Channel {
  readonly src: number;
  readonly dst: number;
  readonly tag: number;
  readonly bytes: number;
  readonly communicator: number;
  /** Lines of sends, and of receives, in order. */
  readonly sent: number[];
  readonly taken: number[];
}

/** Receives of one rank that name no source, or no tag. */
interface Mailbox {
  readonly rank: number;
  readonly peer: number;
  readonly tag: number;
  readonly bytes: number;
  readonly signal: number;
  readonly lines: number[];
  filled: number;
}

/**
 * Messages go to the receives that name their source and tag. Those that are left go to receives of
 * any: each is a node that takes 1 from a signal, which every arrival gives.
 */
export class Matching {
  private readonly channels = new Map<string, Channel>();
  private readonly mailboxes = new Map<string, Mailbox>();

  constructor(
    private readonly file: SourceFile,
    private readonly trace: TraceBuilder,
    /** From this size on senders wait for the receiver. */
    private readonly rendezvousBytes: number,
  ) {}

  /** @returns communicator of the message */
  send({ rank, peer, tag, bytes, line }: Pending): number {
    const channel = this.channel(rank, peer, tag, bytes);
    channel.sent.push(line);
    return channel.communicator;
  }

  /** Of a receive that names its source and tag. @returns its communicator */
  receive({ rank, peer, tag, bytes, line }: Pending): number {
    const channel = this.channel(peer, rank, tag, bytes);
    channel.taken.push(line);
    return channel.communicator;
  }

  /** Of a receive from any source, or of any tag. @returns the signal that it takes from */
  receiveAny({ rank, peer, tag, bytes, line }: Pending): number {
    const key = `${rank} ${peer} ${tag} ${bytes}`;
    let mailbox = this.mailboxes.get(key);
    if (mailbox === undefined) {
      const from = peer === ANY ? "any" : `${peer}`;
      const signal = this.trace
        .rank(rank)
        .signal(`message of ${bytes} B from ${from}, tag ${tag === ANY ? "any" : tag}`);
      mailbox = { rank, peer, tag, bytes, signal, lines: [], filled: 0 };
      this.mailboxes.set(key, mailbox);
    }
    mailbox.lines.push(line);
    return mailbox.signal;
  }

  /**
   * Gives messages that no receive names to the receives of any.
   * @throws ScenarioError where a message or a receive is left
   */
  finish(): void {
    const byRank = new Map<number, Mailbox[]>();
    for (const mailbox of this.mailboxes.values()) {
      byRank.set(mailbox.rank, [...(byRank.get(mailbox.rank) ?? []), mailbox]);
    }
    for (const channel of this.channels.values()) {
      const { src, dst, tag, bytes, sent, taken } = channel;
      if (taken.length > sent.length) {
        const what = `rank ${dst} receives ${bytes} B from rank ${src} with tag ${tag} ${times(taken.length)}, which sends that ${times(sent.length)}`;
        this.file.fail(`${what}${this.otherSize(channel)}`, { line: taken[sent.length]! });
      }
      const left = sent.slice(taken.length);
      for (const line of left) {
        const mailbox = byRank.get(dst)?.find((each) => takes(each, channel));
        if (mailbox === undefined) {
          const what = `no receive of rank ${dst} takes this message of ${bytes} B from rank ${src} with tag ${tag}`;
          this.file.fail(`${what}${this.otherSize(channel)}`, { line });
        }
        mailbox!.filled++;
        this.arrival(channel, mailbox!);
      }
    }
    for (const { rank, lines, filled } of this.mailboxes.values()) {
      if (filled === lines.length) continue;
      this.file.fail(`no message is left for this receive of rank ${rank}`, { line: lines[filled]! });
    }
  }

  /** A message that comes in, whatever takes it. */
  private arrival({ dst, communicator }: Channel, { signal }: Mailbox): void {
    const rank = this.trace.rank(dst);
    const received = rank.operation(communicator, this.trace.label("arrival"));
    rank.after(rank.give(signal), received);
  }

  private channel(src: number, dst: number, tag: number, bytes: number): Channel {
    const key = `${src} ${dst} ${tag} ${bytes}`;
    let channel = this.channels.get(key);
    if (channel === undefined) {
      const rendezvous = bytes > this.rendezvousBytes;
      const communicator = this.trace.communicator(key, () => ({ kind: "message", src, dst, bytes, rendezvous }));
      channel = { src, dst, tag, bytes, communicator, sent: [], taken: [] };
      this.channels.set(key, channel);
    }
    return channel;
  }

  /** For messages: whether the other end has another size. */
  private otherSize({ src, dst, tag, bytes }: Channel): string {
    for (const other of this.channels.values()) {
      if (other.src !== src || other.dst !== dst || other.tag !== tag || other.bytes === bytes) continue;
      return `; there is one of ${other.bytes} B: write one size at both ends`;
    }
    return "";
  }
}

function takes({ peer, tag, bytes, filled, lines }: Mailbox, channel: Channel): boolean {
  if (bytes !== channel.bytes || filled >= lines.length) return false;
  return (peer === ANY || peer === channel.src) && (tag === ANY || tag === channel.tag);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
