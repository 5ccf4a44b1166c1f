import { ExternalLink, History, Moon, PanelLeft, Search } from "lucide-react";
import { linkTo } from "../app/address.ts";
import { Bare, IconButton } from "../parts/button.tsx";
import { MenuButton, type Choice } from "../parts/menu.tsx";
import { UnitInBar } from "./unit-in-bar.tsx";
import { signOut } from "../session/session.ts";
import { keepPreferences, showTheme, type Preferences } from "../state/preferences.ts";
import { isFramed } from "../state/place.ts";
import { change, openSheet, store, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./top-bar.module.css";

/** The bar at the top: where one is, and what concerns the whole page. */
export function TopBar() {
  const { bar } = words;
  const me = usePage(({ session }) => ("me" in session ? session.me : undefined));
  const isSchemaOpen = usePage((state) => state.isSchemaOpen);
  const name = me?.user.name ?? me?.user.id ?? "";
  return (
    <header className={css["bar"]}>
      <IconButton
        label={bar.toggleSchema}
        icon={<PanelLeft size={17} />}
        aria-pressed={isSchemaOpen}
        onPress={() => change({ isSchemaOpen: !isSchemaOpen })}
      />
      <h1 className={css["title"]}>{words.title}</h1>
      {me !== undefined && <UnitInBar me={me} />}
      <span className={css["gap"]} />
      <Bare className={css["search"]} title={bar.palette} onPress={() => openSheet({ kind: "palette" })}>
        <Search size={14} aria-hidden />
        <span>{bar.paletteShort}</span>
        <kbd aria-hidden>Ctrl K</kbd>
      </Bare>
      {isFramed && (
        <IconButton label={bar.ownTab} icon={<ExternalLink size={17} />} onPress={() => void openOwnTab()} />
      )}
      <IconButton label={bar.runs} icon={<History size={17} />} onPress={() => openSheet({ kind: "runs" })} />
      <IconButton label={bar.theme} icon={<Moon size={17} />} className={css["theme"]} onPress={toggleTheme} />
      <MenuButton label={bar.account(name)} choices={accountChoices()} className={css["person"]}>
        {name.slice(0, 1).toUpperCase()}
      </MenuButton>
    </header>
  );
}

function accountChoices(): Choice[] {
  const { bar } = words;
  return [
    { id: "settings", label: bar.settings, onChoose: () => openSheet({ kind: "settings" }) },
    { id: "shortcuts", label: bar.shortcuts, keys: "?", onChoose: () => openSheet({ kind: "shortcuts" }) },
    { id: "api", label: bar.apiPage, onChoose: () => void open("/docs/", "_blank", "noopener") },
    "line",
    { id: "out", label: bar.signOut, onChoose: () => void signOut() },
  ];
}

/** Opens the page with the query in front in a tab of its own. */
async function openOwnTab(): Promise<void> {
  const { sql } = activeTab(store.get());
  open(sql === "" ? "/" : await linkTo(sql), "_blank", "noopener");
}

/** Goes from what is seen now to the other. */
function toggleTheme(): void {
  const { preferences } = store.get();
  const isDark =
    preferences.theme === "dark" ||
    (preferences.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  setPreferences({ ...preferences, theme: isDark ? "light" : "dark" });
}

/** Takes preferences over, now and for the next visit. */
export function setPreferences(preferences: Preferences): void {
  change({ preferences });
  keepPreferences(preferences);
  showTheme(preferences);
}
