import { useState } from "react";
import { Button } from "./button.tsx";

/** A button for what cannot be undone: the first press asks, the second does it. */
export function SureButton({ label, sure, onSure }: { label: string; sure: string; onSure: () => void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <Button
      look={isAsking ? "danger" : "quiet"}
      onBlur={() => setAsking(false)}
      onPress={() => {
        setAsking(!isAsking);
        if (isAsking) onSure();
      }}
    >
      {isAsking ? sure : label}
    </Button>
  );
}
