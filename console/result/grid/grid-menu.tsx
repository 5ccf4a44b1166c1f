import { useRef } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import css from "../../parts/menu.module.css";
import { words } from "../../words/en.ts";
import own from "./grid.module.css";
import type { CopyAs } from "./use-grid-keys.ts";

/** The menu of the grid's cells: where the pointer is, or at the cell of the keys. */
export function GridMenu({
  at,
  onClose,
  onCopy,
  onView,
}: {
  at: { x: number; y: number };
  onClose: () => void;
  onCopy: (how: CopyAs) => void;
  onView: () => void;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  const { grid } = words;
  const choices: [string, string, (() => void)?, string?][] = [
    ["plain", grid.copy, () => onCopy("plain"), "Ctrl+C"],
    ["header", grid.copyHeader, () => onCopy("header"), "Ctrl+Shift+C"],
    ["markdown", grid.copyMarkdown],
    ["in", grid.copyIn],
    ["names", grid.copyNames],
    ["view", grid.view, onView, "Space"],
  ];
  return (
    <>
      <span ref={anchor} className={own["anchor"]} style={{ left: at.x, top: at.y }} />
      <Popover
        isOpen
        triggerRef={anchor}
        placement="bottom start"
        className={css["popover"] ?? ""}
        onOpenChange={(isOpen) => !isOpen && onClose()}
      >
        <Menu className={css["menu"] ?? ""} aria-label={grid.menu} autoFocus onClose={onClose}>
          {choices.map(([id, label, act, keys]) => (
            <MenuItem
              key={id}
              id={id}
              textValue={label}
              className={css["item"] ?? ""}
              // The ids of the others are what to copy as.
              onAction={act ?? (() => onCopy(id as CopyAs))}
            >
              <span className={css["label"]}>{label}</span>
              {keys !== undefined && <span className={css["keys"]}>{keys}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </>
  );
}
