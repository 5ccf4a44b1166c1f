import { keep, kept } from "../state/kept.ts";
import { bearer, setBearer } from "./bearer.ts";
import { postOwn } from "./post-own.ts";
import { loginAddress } from "./subdomain.ts";
import { tellWindows } from "./windows.ts";

/**
 * The ways to sign in. A change of how people sign in is a change of this file alone: the rest of the page knows only
 * whether somebody is signed in.
 */

const sandboxPath = "/auth/sandbox";
/** This browser tab works on the sandbox, and may do so again after a reload. */
const sandboxMark = "sqe.sandbox";

/** Where somebody signed in last. */
const subdomainKey = "subdomain";
/** A query in the part of the address that servers never see; the way over Marketing Cloud would lose it. */
const linkMark = "sqe.link";

/** The subdomain of the last time; empty when there was none. */
export function lastSubdomain(): string {
  const text = kept(subdomainKey);
  return typeof text === "string" ? text : "";
}

/** Leaves for Marketing Cloud's sign-in, and comes back to where the page is. @param subdomain absent: the default */
export function leaveToSignIn(subdomain: string | undefined): void {
  const { pathname, search, hash } = location;
  remember(subdomain);
  if (hash.length > 1) mark(linkMark, hash);
  location.assign(loginAddress(subdomain, pathname + search));
}

/** Signs in by a window of its own, so that this one keeps what is on it. */
export function signInBeside(subdomain: string | undefined): void {
  remember(subdomain);
  open(loginAddress(subdomain, "/auth/signed-in"), "_blank", "noopener");
}

/** Leaves it to the browser's cookie to say who calls: a token in memory would be asked before it. */
export function forgetToken(): void {
  setBearer(undefined);
  unmark(sandboxMark);
}

function remember(subdomain: string | undefined): void {
  forgetToken();
  if (subdomain !== undefined) keep(subdomainKey, subdomain);
}

/** Puts back the part of the address that signing in has cost. */
export function restoreLink(): void {
  const hash = marked(linkMark);
  unmark(linkMark);
  if (hash !== null && location.hash.length < 2) history.replaceState(null, "", location.pathname + hash);
}

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
  mark(sandboxMark, "1");
  return true;
}

/** Signs in again as before the reload, where that needs nobody. */
export async function signInAgain(): Promise<void> {
  if (marked(sandboxMark) !== null) await enterSandbox();
}

/** Ends the session. @returns why not; undefined when it has ended */
export async function leave(): Promise<string | undefined> {
  if (bearer() === undefined) {
    const refusal = await postOwn("/auth/logout", {});
    if (refusal !== undefined) return refusal;
    tellWindows("ended");
  }
  forgetToken();
  return undefined;
}

function mark(name: string, value: string): void {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // The browser keeps nothing here; then a reload asks again.
  }
}

function unmark(name: string): void {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function marked(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}
