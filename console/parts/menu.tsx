import { lazy, Suspense, useRef, useState, type ReactNode } from "react";
import { loadPart } from "../state/load-part.ts";
import { Bare, type ButtonProps } from "./button.tsx";

/** What a menu offers; "line" divides it. */
export type Choice = { id: string; label: string; keys?: string; isOff?: boolean; onChoose: () => void } | "line";

const Menu = lazy(() => loadPart(() => import("./open-menu.tsx")).then(({ OpenMenu }) => ({ default: OpenMenu })));
const Pop = lazy(() => loadPart(() => import("./open-pop.tsx")).then(({ OpenPop }) => ({ default: OpenPop })));

type Trigger = Pick<ButtonProps, "className" | "children" | "title"> & {
  /** The button's name, where its content says less. */
  label?: string | undefined;
  "data-look"?: string;
};

/** A button that opens a menu. */
export function MenuButton({ choices, label, ...rest }: Trigger & { label: string; choices: readonly Choice[] }) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Bare
        {...rest}
        ref={button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPress={() => setOpen(true)}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <Menu label={label} choices={choices} trigger={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** A button that opens a small window beside it. */
export function PopButton({
  title,
  content,
  label,
  ...rest
}: Trigger & {
  title: string;
  content: (close: () => void) => ReactNode;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Bare
        {...rest}
        ref={button}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPress={() => setOpen(true)}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <Pop title={title} trigger={button} onClose={close}>
            {content(close)}
          </Pop>
        </Suspense>
      )}
    </>
  );
}
