import { keep, kept } from "./kept.ts";

/** How a person wants the page to be; kept in this browser. */
export type Preferences = {
  theme: "system" | "light" | "dark";
  /** Tabs and their texts are kept in this browser. */
  keepsDrafts: boolean;
  /** A long run that ends while the page is hidden says so by a notification. */
  notifies: boolean;
  /** How to show a moment whose zone is proved. */
  times: "stored" | "utc" | "local";
};

const usual: Preferences = { theme: "system", keepsDrafts: true, notifies: false, times: "stored" };

/** The preferences of the last visit, as far as they are of use. */
export function preferencesKept(): Preferences {
  const known = kept("preferences");
  if (typeof known !== "object" || known === null) return usual;
  const { theme, keepsDrafts, notifies, times } = known as Partial<Record<keyof Preferences, unknown>>;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    keepsDrafts: keepsDrafts !== false,
    notifies: notifies === true,
    times: times === "utc" || times === "local" ? times : "stored",
  };
}

/** Keeps preferences for the next visit. */
export function keepPreferences(preferences: Preferences): void {
  keep("preferences", preferences);
}

/** Puts the theme on the page. */
export function showTheme({ theme }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset["theme"];
  else dataset["theme"] = theme;
}
