import { z } from "zod";

/**
 * A trace as W3C Trace Context writes it: `00-<trace id>-<span id>-<flags>`. It joins the log lines of edge and bridge about
 * one run; nothing is decided by it.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const Traceparent = z.string().regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/);
export type Traceparent = z.infer<typeof Traceparent>;

/** The trace's id, which log lines have. */
export function traceIdOf(traceparent: Traceparent): string {
  return traceparent.slice(3, 35);
}

/** A newer version may have more parts; `ff` is no version. */
const header = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/**
 * Continues the trace of a request, or begins one when the request has none that can be read.
 *
 * @param sent the request's header
 * @param random at least 24 random bytes, for the ids that are made here
 */
export function continueTrace(sent: string | undefined, random: Uint8Array): Traceparent {
  const [, version = "", known, flags = "", more] = header.exec(sent?.trim() ?? "") ?? [];
  const isKnown = known !== undefined && (version !== "00" || more === undefined);
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // The lowest flag says that the trace is recorded; the others of a newer version are not ours to pass on.
  const isRecorded = !isKnown || (Number.parseInt(flags, 16) & 1) === 1;
  return `00-${isKnown ? known : hex.slice(0, 32)}-${hex.slice(32, 48)}-${isRecorded ? "01" : "00"}`;
}
