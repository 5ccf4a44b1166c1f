/** Where a sign-in leads that names nothing: the console. */
const consolePage = "/";

/** Reads where to go after a sign-in: a path of ours alone, so that no link of ours leads to another site. */
export function readNext(text: string | undefined, ours: string): string {
  const url = text?.startsWith("/") ? URL.parse(text, ours) : null;
  return url?.origin === ours ? `${url.pathname}${url.search}` : consolePage;
}
