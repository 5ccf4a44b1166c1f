import type { ReactNode, RefObject } from "react";
import { Dialog, Popover } from "react-aria-components";
import css from "./menu.module.css";

/** A small window that is open beside its button. */
export function OpenPop({
  title,
  trigger,
  onClose,
  children,
}: {
  title: string;
  trigger: RefObject<Element | null>;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom end"
      className={css["popover"] ?? ""}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Dialog aria-label={title} className={css["menu"] ?? ""}>
        {children}
      </Dialog>
    </Popover>
  );
}
