/**
 * The only door out of the page. What the page may ask and follow is the generated protocol; who answers (a desktop
 * window's Rust side, a server, a folder in memory) is nobody's business but this folder's.
 */

import type { Signal } from "$/lib/emitter";
import type { Commands, ErrorCode, Problem, Streams } from "$/protocol/protocol";

export type CommandName = keyof Commands;
export type StreamName = keyof Streams;
export type Request<K extends CommandName> = Commands[K]["request"];
export type Answer<K extends CommandName> = Commands[K]["answer"];
export type StreamRequest<K extends StreamName> = Streams[K]["request"];
export type Item<K extends StreamName> = Streams[K]["item"];

/** What of the product is there; features whose part is missing are hidden. */
export interface Capabilities {
  /** Folders, git, terminals and settings of the machine that the product runs on. */
  machine: boolean;
  /** Dialogs of the operating system to choose a folder. */
  nativeDialogs: boolean;
  /** Everything is made up and lives in memory. */
  demo: boolean;
}

/** Whether the other side can be reached. */
export type Connection = "connecting" | "open" | "lost" | "refused";

export interface Stream {
  /** Ends it. Items that are on their way are dropped. */
  close(): void;
  /** Settles when nothing more comes: with null after a good end, with the reason otherwise. Never rejects. */
  done: Promise<Problem | null>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface Host {
  readonly capabilities: Capabilities;
  readonly connection: Signal<Connection>;
  /** Fails only with a `Refusal`, or an `AbortError` once `signal` says so. */
  call<K extends CommandName>(name: K, request: Request<K>, options?: CallOptions): Promise<Answer<K>>;
  stream<K extends StreamName>(
    name: K,
    request: StreamRequest<K>,
    onItems: (items: Item<K>[]) => void | Promise<void>,
  ): Stream;
  /** Called after each command that makes something stale. */
  onStale(listener: (name: CommandName) => void): () => void;
  /** Lets the user choose a folder of this machine; null when they did not. Only with `nativeDialogs`. */
  chooseFolder?(): Promise<string | null>;
}

/** A command that failed, with what can be done about it. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "Refusal";
    this.problem = problem;
  }
}

export function problem(code: ErrorCode, message: string, hint: string | null = null): Problem {
  return { code, message, hint, weights: null, retry_after_s: null };
}

/** Whatever was thrown, as a problem. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  return problem("internal", error instanceof Error ? error.message : String(error));
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
