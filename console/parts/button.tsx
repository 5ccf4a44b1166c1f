import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import css from "./button.module.css";

type Look = "plain" | "primary" | "danger" | "quiet";

/** What every button takes. A plain element: the widgets of react-aria are loaded when the first menu or sheet opens. */
export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className" | "disabled" | "onClick"> & {
  onPress?: (() => void) | undefined;
  isDisabled?: boolean | undefined;
  className?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with words. */
export function Button({ look = "plain", className, ...rest }: ButtonProps & { look?: Look }) {
  return <Bare {...rest} className={[css["button"], css[look], className].filter(Boolean).join(" ")} />;
}

/** A button that is only an icon; `label` says what it does, and shows on hover. */
export function IconButton({
  label,
  icon,
  className,
  ...rest
}: Omit<ButtonProps, "children"> & {
  label: string;
  icon: ReactNode;
}) {
  return (
    <Bare {...rest} aria-label={label} title={label} className={[css["icon"], className].filter(Boolean).join(" ")}>
      {icon}
    </Bare>
  );
}

/** A button that looks like nothing of its own. */
export function Bare({ onPress, isDisabled = false, type = "button", ...rest }: ButtonProps) {
  return <button {...rest} type={type} disabled={isDisabled} onClick={onPress && (() => onPress())} />;
}
