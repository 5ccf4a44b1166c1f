/** Where a sign-in leads that names nothing: the console. */
const consolePage = "/";

/** It travels in a cookie, which browsers keep up to 4 KB and drop without a word above. */
const nextMax = 1000;

/** Reads where to go after a sign-in: a path of ours alone, so that no link of ours leads to another site. */
export function readNext(text: string | undefined, ours: string): string {
  const url = text?.startsWith("/") ? URL.parse(text, ours) : null;
  if (url?.origin !== ours) return consolePage;
  const next = `${url.pathname}${url.search}`;
  // The path of `/.//evil.example` is `//evil.example`, which alone is another site's address.
  return next.startsWith("//") || next.length > nextMax ? consolePage : next;
}
