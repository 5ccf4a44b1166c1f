import { useMemo, useState } from "react";
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { useCatalogue } from "../../engine/catalogue.ts";
import field from "../../parts/text-field.module.css";
import menu from "../../parts/menu.module.css";
import { words } from "../../words/en.ts";

/** A Data Extension that was chosen. */
export type Picked = { customerKey: string; name: string };

/** As many as a list shows at once. */
const hitsMax = 50;

/** Chooses a Data Extension by a part of its name. */
export function PickTable({ onPick }: { onPick: (picked: Picked | undefined) => void }) {
  const tables = useCatalogue((now) => now.tables);
  const [text, setText] = useState("");
  const hits = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return tables
      .flatMap(({ kind, key, name }) =>
        kind === "data-extension" && key !== undefined && name.toLowerCase().includes(wanted)
          ? [{ id: key, name }]
          : [],
      )
      .slice(0, hitsMax);
  }, [tables, text]);
  const { target } = words.sheets;
  return (
    <ComboBox
      className={field["field"] ?? ""}
      autoFocus
      items={hits}
      inputValue={text}
      onInputChange={setText}
      onSelectionChange={(key) => {
        const hit = hits.find(({ id }) => id === key);
        onPick(hit && { customerKey: hit.id, name: hit.name });
      }}
    >
      <Label className={field["label"] ?? ""}>{target.table}</Label>
      <Input className={field["input"] ?? ""} placeholder={target.tableHint} />
      <Button hidden />
      <Popover className={menu["popover"] ?? ""}>
        <ListBox<(typeof hits)[number]> className={menu["menu"] ?? ""}>
          {({ id, name }) => (
            <ListBoxItem id={id} textValue={name} className={menu["item"] ?? ""}>
              {name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
