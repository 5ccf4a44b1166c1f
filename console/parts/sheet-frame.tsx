import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { closeSheet } from "../state/state.ts";
import { words } from "../words/en.ts";
import { IconButton } from "./button.tsx";
import css from "./sheet-frame.module.css";

/** A window over the page: title, content, and what to do at its foot. Escape closes it. */
export function SheetFrame({
  title,
  size = "middle",
  children,
  foot,
  canClose = true,
}: {
  title: string;
  size?: "small" | "middle" | "large" | undefined;
  children: ReactNode;
  foot?: ReactNode;
  canClose?: boolean;
}) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={canClose}
      isKeyboardDismissDisabled={!canClose}
      onOpenChange={(isOpen) => !isOpen && closeSheet()}
      className={css["veil"] ?? ""}
    >
      <Modal className={[css["modal"], css[size]].join(" ")}>
        <Dialog className={css["dialog"] ?? ""}>
          <header className={css["head"]}>
            <Heading slot="title" className={css["title"] ?? ""}>
              {title}
            </Heading>
            {canClose && <IconButton label={words.close} icon={<X size={17} />} onPress={closeSheet} />}
          </header>
          <div className={css["body"]}>{children}</div>
          {foot !== undefined && <footer className={css["foot"]}>{foot}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
