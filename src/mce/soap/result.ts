import type { Answer } from "../failure.ts";
import { answered, rejected, unavailable } from "../failure.ts";
import type { XmlElement } from "./parse.ts";
import { child, textAt } from "./parse.ts";

/**
 * Reads what became of the one object of a Create, Delete or Perform.
 *
 * @param result `Results`, or `Results/Result` of a Perform
 * @returns the result when its StatusCode is OK; `rejected` when it is Error, or when MCE names no result but says that
 *   all failed; `unavailable` with effect `unknown` for anything else: a shape nobody knows proves nothing
 */
export function readResult(name: string, response: XmlElement, result: XmlElement | undefined): Answer<XmlElement> {
  const status = textAt(result, "StatusCode")?.trim().toLowerCase();
  if (result !== undefined && status === "ok") return answered(result);
  if (status === "error") {
    const message = textAt(result, "StatusMessage") ?? "MCE gives no reason";
    return rejected(textAt(result, "ErrorCode")?.trim() ?? "Error", message);
  }
  const overall = textAt(response, "OverallStatus")?.trim() ?? "";
  if (child(response, "Results") === undefined && /^error/i.test(overall))
    return rejected("Error", textAt(response, "OverallStatusMessage") ?? overall);
  return unavailable("unknown", `Cannot read ${name}: the answer does not say what became of it`);
}
