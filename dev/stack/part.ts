import { spawn, type ChildProcess } from "node:child_process";
import { open } from "node:fs/promises";

/** One program of the stack. */
export type Part = {
  name: string;
  program: string;
  words: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Node programs have a channel to the supervisor: they report on it when they are ready, and end when it closes. */
  hasChannel: boolean;
  /** Settles when the program is ready; rejects when it cannot become ready. */
  isReady(child: ChildProcess): Promise<void>;
  /** A line of its log that means: it runs on, but will never be ready. */
  hopeless?: RegExp;
};

/**
 * Starts a part as the leader of a process group of its own: a Ctrl-C reaches only the supervisor, and a signal to the
 * group reaches everything the part has started. Its output is appended to a file.
 */
export async function spawnPart(part: Part, logFile: string): Promise<{ child: ChildProcess; ended: Promise<void> }> {
  const log = await open(logFile, "a", 0o600);
  try {
    const child = spawn(part.program, part.words, {
      env: { ...part.env },
      detached: true,
      stdio: ["ignore", log.fd, log.fd, ...(part.hasChannel ? (["ipc"] as const) : [])],
    });
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      // A program that cannot be started has no pid and never exits.
      child.once("error", () => resolve());
    });
    return { child, ended };
  } finally {
    await log.close();
  }
}

/** Waits for the message `{event}` on a part's channel. */
export function saysReady(event: string): Part["isReady"] {
  return (child) =>
    new Promise((resolve) => {
      child.on("message", (message) => {
        // wrangler 4.156 sends its message as a string of JSON.
        const said: unknown = typeof message === "string" ? parseJson(message) : message;
        if (typeof said === "object" && said !== null && "event" in said && said.event === event) resolve();
      });
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
