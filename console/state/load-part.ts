import { words } from "../words/en.ts";
import { change, say } from "./state.ts";

/**
 * Loads a part of the page that it does not begin with. After a deployment its file may be gone: then the page says that there
 * is a new version.
 *
 * @param load imports it
 * @returns the part; without it nothing: the caller goes on waiting
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch {
    // A sheet that cannot be shown must not keep the keys.
    change({ sheet: undefined });
    const answer = await fetch("/", { cache: "no-store" }).catch(() => undefined);
    if (answer?.ok === true) change({ isOutdated: true });
    else say(words.unreachable);
    return new Promise(() => undefined);
  }
}
