import { ok } from "#lang/result.ts";
import { unavailable, type Answer } from "../failure.ts";
import { noReason } from "../reason.ts";
import { child, textAt, type XmlElement } from "./parse.ts";
import { refusalOf, refused } from "./refusal.ts";

/**
 * Reads the result of a Create, Delete or Perform of one object.
 *
 * @param result `Results`, or `Results/Result` of a Perform
 * @returns the result when its StatusCode is OK; a refusal (`refusal.ts`) when it is Error, or when there is no result but
 *   OverallStatus is an error; `unavailable` with effect `unknown` for anything else: an unknown shape proves nothing
 */
export function readResult(name: string, response: XmlElement, result: XmlElement | undefined): Answer<XmlElement> {
  const status = textAt(result, "StatusCode")?.trim().toLowerCase();
  if (result !== undefined && status === "ok") return ok(result);
  if (status === "error") {
    const text = textAt(result, "StatusMessage") ?? noReason;
    return refused(name, { code: textAt(result, "ErrorCode")?.trim() ?? "Error", text });
  }
  const overall = textAt(response, "OverallStatus")?.trim() ?? "";
  const text = textAt(response, "OverallStatusMessage") ?? overall;
  if (child(response, "Results") === undefined && /^error/i.test(overall))
    return refused(name, { code: "Error", text });
  const known = refusalOf(name, { text });
  if (known !== undefined) return known;
  return unavailable("unknown", `Cannot read ${name}: the answer does not say what became of it`);
}
