import { formatText } from "../editor/format.ts";
import { patterns } from "../editor/complete/snippets.ts";
import { insertPattern } from "../editor/insert-pattern.ts";
import { discardRows, stopRun } from "../run/end.ts";
import { runTab } from "../run/run-tab.ts";
import { change, openSheet, store } from "../state/state.ts";
import { ownSnippets } from "../state/own-snippets.ts";
import { openTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";

/** Something the palette offers. */
export type Entry = { id: string; label: string; detail: string; act: () => void };

/** Everything that can be done without pointing at something. */
export function commands(): Entry[] {
  const { bar, tabs, sheets } = words;
  const sheet = (
    kind: "settings" | "shortcuts" | "runs" | "query-activities" | "target" | "texts" | "snippets",
    label: string,
    detail = "",
  ) => ({
    id: kind,
    label,
    detail,
    act: () => openSheet({ kind }),
  });
  return [
    { id: "run", label: words.run, detail: "Ctrl+Enter", act: () => runTab() },
    { id: "count", label: words.runCounted, detail: "", act: () => runTab({ total: true }) },
    sheet("target", words.runInto, "Ctrl+Shift+Enter"),
    { id: "stop", label: words.stop, detail: "Shift+Esc", act: () => void stopRun(store.get().activeId) },
    { id: "format", label: words.format, detail: "Shift+Alt+F", act: () => void formatText() },
    sheet("texts", words.whatRuns),
    sheet("query-activities", words.openActivity),
    sheet("runs", bar.runs),
    { id: "discard", label: words.discard, detail: "", act: () => void discardRows(store.get().activeId) },
    { id: "new", label: tabs.add.replace(/ \(.*/, ""), detail: "Alt+N", act: () => void openTab() },
    {
      id: "schema",
      label: bar.toggleSchema.replace(/ \(.*/, ""),
      detail: "Ctrl+B",
      act: () => change({ isSchemaOpen: !store.get().isSchemaOpen }),
    },
    sheet("settings", bar.settings),
    sheet("shortcuts", sheets.shortcuts.title, "?"),
    sheet("snippets", words.snippets),
    ...[...ownSnippets().map((it) => ({ ...it, detail: words.editor.ownSnippet })), ...patterns].map(
      ({ name, detail, text }, index) => ({
        id: `pattern:${index}`,
        label: sheets.snippets.entry(name),
        detail,
        act: () => insertPattern(text),
      }),
    ),
  ];
}
