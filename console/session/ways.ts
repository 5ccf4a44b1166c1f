import { setBearer } from "./bearer.ts";

/**
 * The ways to sign in. Whoever changes how people sign in changes this file: the rest of the page knows only whether
 * somebody is signed in.
 */

const sandboxPath = "/auth/sandbox";
/** This browser tab works on the sandbox, and may do so again after a reload. */
const sandboxMark = "sqe.sandbox";

/** Takes a token that a person has pasted. */
export function useToken(token: string): void {
  setBearer(token.trim().replace(/^bearer\s+/i, ""));
}

/** Whether this is a development server, which gives its sandbox's token away. */
export async function hasSandbox(): Promise<boolean> {
  const answer = await fetch(sandboxPath).catch(() => undefined);
  return answer?.ok === true && (answer.headers.get("content-type")?.startsWith("application/json") ?? false);
}

/** Takes the sandbox's token. @returns whether there is one */
export async function enterSandbox(): Promise<boolean> {
  const answer = await fetch(sandboxPath, { method: "POST" }).catch(() => undefined);
  if (answer?.ok !== true) return false;
  // Only the development server answers here.
  const { token } = (await answer.json()) as { token: string };
  setBearer(token);
  markSandbox(true);
  return true;
}

/** Signs in again as before the reload, where that needs nobody. */
export async function signInAgain(): Promise<void> {
  if (isMarked()) await enterSandbox();
}

/** Forgets who was signed in. */
export async function leave(): Promise<void> {
  setBearer(undefined);
  markSandbox(false);
}

function markSandbox(isIn: boolean): void {
  try {
    if (isIn) sessionStorage.setItem(sandboxMark, "1");
    else sessionStorage.removeItem(sandboxMark);
  } catch {
    // The browser keeps nothing here; then a reload asks again.
  }
}

function isMarked(): boolean {
  try {
    return sessionStorage.getItem(sandboxMark) !== null;
  } catch {
    return false;
  }
}
