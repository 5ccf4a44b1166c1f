import { useDeferredValue, useMemo, useState } from "react";
import { Autocomplete, Input, Menu, MenuItem, SearchField } from "react-aria-components";
import { useCatalogue } from "../engine/catalogue.ts";
import field from "../parts/text-field.module.css";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { closeSheet } from "../state/state.ts";
import { words } from "../words/en.ts";
import { commands, type Entry } from "./commands.ts";
import css from "./sheets.module.css";
import { insertNode } from "../schema/actions.ts";

/** More hits say that the search is too wide; the list stays quick. */
const hitsMax = 60;

/** Commands, tables and patterns by a part of their names. */
export function Palette() {
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const tables = useCatalogue((now) => now.tables);
  const entries = useMemo(() => {
    const all: Entry[] = [
      ...commands(),
      ...tables.map((table) => ({
        id: `table:${table.name}`,
        label: table.name,
        detail: words.editor.kinds[table.kind],
        act: () => void insertNode({ kind: "table", table, id: "", level: 1, setSize: 1, place: 1 }),
      })),
    ];
    const hits = all.filter(({ label }) => label.toLowerCase().includes(wanted));
    const starts = (entry: Entry) => (entry.label.toLowerCase().startsWith(wanted) ? 0 : 1);
    return hits.sort((one, other) => starts(one) - starts(other)).slice(0, hitsMax);
  }, [tables, wanted]);
  const { palette } = words.sheets;
  return (
    <SheetFrame title={palette.title}>
      <Autocomplete inputValue={text} onInputChange={setText}>
        <SearchField
          autoFocus
          aria-label={palette.placeholder}
          // One Escape leaves, whatever has been typed.
          onKeyDown={({ key }) => key === "Escape" && closeSheet()}
        >
          <Input className={field["input"] ?? ""} placeholder={palette.placeholder} />
        </SearchField>
        {/* The focus stays in the field; who scrolls by keys reaches the list all the same. */}
        <div className={css["list"]} tabIndex={0} role="group" aria-label={palette.title}>
          <Menu
            aria-label={palette.title}
            className={css["options"] ?? ""}
            items={entries}
            renderEmptyState={() => <p className={css["dim"]}>{palette.none}</p>}
            onAction={(id) => {
              closeSheet();
              // After the sheet has given the focus back.
              setTimeout(() => entries.find((entry) => entry.id === id)?.act(), 30);
            }}
          >
            {({ id, label, detail }) => (
              <MenuItem id={id} textValue={label} className={css["option"] ?? ""}>
                <span>{label}</span>
                <small>{detail}</small>
              </MenuItem>
            )}
          </Menu>
        </div>
      </Autocomplete>
    </SheetFrame>
  );
}
