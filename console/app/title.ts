import { isLive } from "../state/job.ts";
import { store } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";

/** Keeps the browser's tab up to date: what runs, and what has ended while nobody looked. */
export function watchTitle(): void {
  const show = () => {
    const title = titleOf();
    if (document.title !== title) document.title = title;
  };
  store.subscribe(show);
  show();
}

function titleOf(): string {
  const { tabs } = store.get();
  const front = activeTab(store.get());
  const unseen = tabs.find(({ isUnseen }) => isUnseen);
  const live =
    front.job !== undefined && isLive(front.job) ? front : tabs.find(({ job }) => job !== undefined && isLive(job));
  if (unseen !== undefined)
    return unseen.job?.run?.status === "ready" ? words.titleDone(unseen.name) : words.titleFailed(unseen.name);
  if (live !== undefined) return words.titleRunning(live.name);
  return `${front.name} – ${words.title}`;
}
