import type { MceFailure } from "#mce/failure.ts";
import { shownMessage } from "#mce/mask.ts";
import { scopesText } from "#mce/scopes.ts";
import { problem } from "./problem.ts";

/** Says why a call to MCE gave nothing. @param wanted what it was for, such as `read these rows` */
export function mceProblem(failure: MceFailure, wanted: string): Response {
  const shown = shownMessage(failure);
  switch (failure.kind) {
    case "throttled":
      return problem("MCE_BUSY", `Marketing Cloud limits the rate of calls: ${shown}`, {
        retryAfter: Math.ceil(failure.waitMs / 1000),
      });
    case "unavailable":
    case "aborted":
      return problem("MCE_BUSY", `Marketing Cloud did not answer: ${shown}`, { retryAfter: 5 });
    case "unauthorized":
      return problem("MCE_ERROR", `Marketing Cloud refused the sign-in: ${shown}`);
    case "forbidden":
      return problem("MCE_ERROR", `The connection is not allowed to ${wanted}${neededFor(failure)}: ${shown}`);
    case "rejected":
      return problem("MCE_ERROR", `Marketing Cloud refused: ${shown}`);
  }
}

function neededFor({ needs }: MceFailure & { kind: "forbidden" }): string {
  return needs === undefined ? "" : `; its installed package needs ${scopesText(needs)}`;
}
