import type { RefObject } from "react";
import { Menu, MenuItem, Popover, Separator } from "react-aria-components";
import type { Choice } from "./menu.tsx";
import css from "./menu.module.css";

/** A menu that is open: arrow keys, type-ahead, Escape, and the focus goes back to its button. */
export function OpenMenu({
  label,
  choices,
  trigger,
  onClose,
}: {
  label: string;
  choices: readonly Choice[];
  trigger: RefObject<Element | null>;
  onClose: () => void;
}) {
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom start"
      // Without a trigger of its own kind a popover counts as a dialog, which has a name.
      aria-label={label}
      className={css["popover"] ?? ""}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Menu aria-label={label} className={css["menu"] ?? ""} autoFocus="first" onClose={onClose}>
        {choices.map((choice, index) =>
          choice === "line" ? (
            // oxlint-disable-next-line react/no-array-index-key -- a line has nothing else
            <Separator key={index} className={css["line"] ?? ""} />
          ) : (
            <MenuItem
              key={choice.id}
              id={choice.id}
              textValue={choice.label}
              isDisabled={choice.isOff === true}
              onAction={choice.onChoose}
              className={css["item"] ?? ""}
            >
              <span className={css["label"]}>{choice.label}</span>
              {choice.keys !== undefined && <span className={css["keys"]}>{choice.keys}</span>}
            </MenuItem>
          ),
        )}
      </Menu>
    </Popover>
  );
}
