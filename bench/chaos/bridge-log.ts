import { z } from "zod";
import { readJson } from "#lang/json.ts";
import type { Touch } from "./meetings.ts";

/** What the log of a bridge says about its runs. */
export type BridgeLog = {
  /** Takes a line in, that was written at this time. */
  read(line: string, at: number): void;
  /** Whether the bridge has said that it works. */
  isUp(): boolean;
  /** Each run that it has had to do with, from the first line about it to the last. */
  touches(): readonly Touch[];
  /** The runs that it has claimed and not left to others; one that it has cleaned up is at no step any more. */
  inHand(): readonly string[];
};

const word = z.string().optional();
const Line = z.looseObject({ event: z.string(), at: word, runId: word, task: word, ending: word });

/** Opens the log of a bridge that has no runs yet. A bridge that starts again in the same log has none either. */
export function openBridgeLog(): BridgeLog {
  const touched = new Map<string, Touch>();
  const inHand = new Set<string>();
  let isUp = false;
  return {
    read(line, at) {
      const { event, runId, task, ending } = Line.safeParse(readJson(line)).data ?? {};
      if (event === "bridge up") {
        isUp = true;
        inHand.clear();
      }
      if (runId === undefined) return;
      touched.set(runId, { runId, from: touched.get(runId)?.from ?? at, to: at });
      if (event === "claimed" && task !== "none") inHand.add(runId);
      if (event === "start ended" && !isOwnEnd(ending)) inHand.delete(runId);
    },
    isUp: () => isUp,
    touches: () => [...touched.values()],
    inHand: () => [...inHand],
  };
}

/** After these the bridge reports the end of the run, and cleans up. */
function isOwnEnd(ending: string | undefined): boolean {
  return ending === "ready" || ending === "failed" || ending === "over";
}

/** The runs that a bridge had in hand at some times, by its log, whose clock is right. */
export function inHandAt(log: string, times: readonly number[]): readonly Touch[] {
  const bridgeLog = openBridgeLog();
  const lines = log
    .split("\n")
    .map((text) => ({ text, at: Date.parse(Line.safeParse(readJson(text)).data?.at ?? "") }));
  let next = 0;
  return times
    .toSorted((one, other) => one - other)
    .flatMap((time) => {
      for (; next < lines.length; next += 1) {
        const { text, at } = lines[next] ?? { text: "", at: NaN };
        if (at > time) break;
        bridgeLog.read(text, at);
      }
      return bridgeLog.inHand().map((runId) => ({ runId, from: time, to: time }));
    });
}
