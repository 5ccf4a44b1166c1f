import { useState, type SyntheticEvent } from "react";
import { Button } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { TextField } from "../parts/text-field.tsx";
import { closeSheet } from "../state/state.ts";
import { changeTab, tabOf } from "../state/tabs.ts";
import { words } from "../words/en.ts";

/** Another name for a query. */
export function Rename({ tabId }: { tabId: string }) {
  const [name, setName] = useState(tabOf(tabId)?.name ?? "");
  const { rename } = words.sheets;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== "") changeTab(tabId, { name: name.trim().slice(0, 100) });
    closeSheet();
  };
  return (
    <SheetFrame
      title={rename.title}
      size="small"
      foot={
        <Button look="primary" type="submit" form="rename">
          {rename.submit}
        </Button>
      }
    >
      <form id="rename" onSubmit={submit}>
        <TextField label={rename.label} value={name} onChange={setName} autoFocus maxLength={100} />
      </form>
    </SheetFrame>
  );
}
