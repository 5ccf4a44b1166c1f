import { setPreferences } from "../../bar/top-bar.tsx";
import { askToNotify } from "../../run/notify.ts";
import { canKeep } from "../../state/kept.ts";
import type { Preferences } from "../../state/preferences.ts";
import { say, usePage } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import css from "../sheets.module.css";

/** How a person wants the page to be. */
export function ThisPage() {
  const preferences = usePage((state) => state.preferences);
  const { settings } = words.sheets;
  const set = (members: Partial<Preferences>) => setPreferences({ ...preferences, ...members });
  const notify = async (isWanted: boolean) => {
    const isAllowed = !isWanted || (await askToNotify());
    if (!isAllowed) say(settings.notifyRefused);
    set({ notifies: isWanted && isAllowed });
  };
  return (
    <>
      <fieldset className={css["fieldset"]}>
        <legend>{settings.theme}</legend>
        {Object.entries(settings.themes).map(([id, label]) => (
          <label key={id} className={css["radio"]}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === id}
              // The words are by theme.
              onChange={() => set({ theme: id as Preferences["theme"] })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <label className={css["radio"]}>
        <input
          type="checkbox"
          checked={preferences.keepsDrafts && canKeep()}
          disabled={!canKeep()}
          onChange={(event) => set({ keepsDrafts: event.target.checked })}
        />
        <span>
          {settings.drafts}
          <br />
          <span className={css["dim"]}>{canKeep() ? settings.draftsDetail : settings.draftsImpossible}</span>
        </span>
      </label>
      <label className={css["radio"]}>
        <input type="checkbox" checked={preferences.notifies} onChange={(event) => void notify(event.target.checked)} />
        {settings.notify}
      </label>
    </>
  );
}
