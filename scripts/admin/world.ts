import type { Installation } from "./installation.ts";

/** What the commands need of the world. */
export type World = {
  /** Opens the installation, once the words were understood. */
  open(): Promise<Installation>;
  /** Prints a line of a result. */
  print: (line: string) => void;
  /** Says something beside it. */
  say: (line: string) => void;
  /** Asks a person yes or no; no where nobody can be asked. */
  ask(question: string): Promise<boolean>;
  /** Reads a secret that must not stand among the words. */
  readSecret(): Promise<string>;
};

/** How a command ends: prints `value` as JSON with --json, else `lines`. */
type Work = (installation: Installation) => Promise<{ value: unknown; lines: readonly string[] }>;

/** Runs the work of one command and prints its result. */
export type Run = (work: Work) => Promise<void>;
