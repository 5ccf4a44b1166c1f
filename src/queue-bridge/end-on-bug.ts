import type { Log } from "./log.ts";
import { placesOf } from "#lang/places.ts";

/** What is needed of Node's process. */
type Process = {
  on(event: "uncaughtException", listener: (error: unknown) => void): unknown;
  exit(code: number): void;
};

/**
 * Ends the process at an error or a rejection that nobody handles, as Node does, and logs its places. Node would print the message and
 * the members of the error, which may quote a row (R13). The next bridge goes on from the ledger (D2).
 */
export function endOnBug(process: Process, log: Log): void {
  process.on("uncaughtException", (error) => {
    log("bridge ended by a bug", { places: placesOf(error) });
    process.exit(1);
  });
}
