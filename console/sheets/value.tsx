import { SheetFrame } from "../parts/sheet-frame.tsx";
import { words } from "../words/en.ts";
import { CopyValue, ValueText, type Viewed } from "./value-text.tsx";

/** A whole value in a sheet of its own. */
export function Value({ name, type, value }: Viewed) {
  return (
    <SheetFrame title={words.sheets.value.title(name)} foot={<CopyValue value={value} />}>
      <ValueText type={type} value={value} />
    </SheetFrame>
  );
}
