import { home } from "../state/place.ts";
import { bearer } from "./bearer.ts";
import { postOwn } from "./post-own.ts";
import { tellWindows } from "./windows.ts";

/** Whether the person may go to another business unit: a token is for one. */
export function canMove(): boolean {
  return bearer() === undefined;
}

/** Moves the session to another business unit. @returns why not; undefined when it is there */
export async function moveSession(mid: number): Promise<string | undefined> {
  const refusal = await postOwn("/auth/business-unit", { mid });
  if (refusal === undefined) tellWindows("moved");
  return refusal;
}

/** Moves the page to another business unit, whose own drafts it then shows. @returns why not */
export async function moveTo(mid: number): Promise<string | undefined> {
  const refusal = await moveSession(mid);
  if (refusal === undefined) location.assign(home);
  return refusal;
}
