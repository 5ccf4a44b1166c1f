import { z } from "zod";

/** A list of origins, such as `https://ide.example.com, http://localhost:3000`; never all of them. */
export const Origins = listOf(isOrigin, "every entry must be an origin such as https://ide.example.com");

/** A list of origins where the first label of a host may be `*`: `https://*.exacttarget.com`. */
export const FrameAncestors = listOf(
  (text) => isOrigin(text.replace(/^https:\/\/\*\.(?=[^.]+\.)/, "https://")),
  "every entry must be an origin such as https://*.exacttarget.com",
);

/** The origin of an address. */
export function originOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : new URL(address).origin;
}

/** Whether an origin is of the machine of its browser, on any port. */
export function isOwnMachine(origin: string): boolean {
  return /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin);
}

/** Texts between commas or blanks. */
function listOf(isEntry: (text: string) => boolean, message: string) {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))
    .refine((entries) => entries.every(isEntry), message);
}

/** Plain HTTP does for one's own machine alone. */
function isOrigin(text: string): boolean {
  const isWhole = !text.includes("*") && URL.parse(text)?.origin === text;
  return isWhole && (text.startsWith("https://") || isOwnMachine(text));
}
