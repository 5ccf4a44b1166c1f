import type { MceFailure } from "#mce/failure.ts";

/** The caller has left before its call was sent. */
export const canceled: MceFailure = {
  kind: "aborted",
  retry: "never",
  message: "The call was canceled before it was sent",
};

/** There are no units within the caller's patience. */
export function throttledFor(waitMs: number): MceFailure {
  const message = `The business unit's calls to MCE are used up for another ${Math.ceil(waitMs / 1000)} s`;
  return { kind: "throttled", retry: "later", waitMs: Math.max(1, Math.ceil(waitMs)), isHeld: true, message };
}
