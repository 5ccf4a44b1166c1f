import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { SqeError, type SqeErrorFacts } from "./sqe-error.ts";

/** A body of `application/problem+json`, as far as it is one. */
type Problem = SqeErrorFacts & { code?: unknown; title?: unknown; detail?: unknown };

const factNames = ["diagnostics", "errors", "near", "expiresAt", "runStatus", "missing"] as const;

/** Reads an answer that is no success. Something between us and the API may have answered: then the code is `HTTP_<status>`. */
export async function refusalOf(answer: Response): Promise<SqeError> {
  const { status, statusText } = answer;
  const text = await answer.text();
  const json = readJson(text);
  const problem: Problem = typeof json === "object" && json !== null ? json : {};
  const { code, title, detail } = problem;
  const retryAfter = secondsOf(answer.headers.get("retry-after"));
  if (typeof code !== "string") {
    const said = statusText === "" ? "" : ` ${statusText}`;
    return new SqeError(`HTTP_${status}`, status, `The server answered ${status}${said}`, given({ retryAfter }));
  }
  const facts = Object.fromEntries(factNames.flatMap((name) => (name in problem ? [[name, problem[name]]] : [])));
  const words = typeof detail === "string" ? detail : typeof title === "string" ? title : code;
  return new SqeError(code, status, words, { ...facts, ...given({ retryAfter }) });
}

/** The error of a call that got no answer. */
export function unreachable(url: string, cause: unknown): SqeError {
  const words = cause instanceof Error ? rootOf(cause).message : String(cause);
  return new SqeError("UNREACHABLE", 0, `${url} does not answer: ${words}`, {}, cause);
}

/** Whether the same call may succeed a little later. */
export function isRepeatable({ status, code }: SqeError): boolean {
  if (status === 0 || status === 429 || status === 503) return true;
  // A proxy that could not reach the API; the API itself says 502 when Marketing Cloud refuses.
  return (status === 502 || status === 504) && code === `HTTP_${status}`;
}

/** Node says "fetch failed" and puts the reason into `cause`. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error && error.cause.message !== "" ? rootOf(error.cause) : error;
}

/** The seconds of Retry-After. It may be a date, which a clock that is wrong would misread. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined;
}
