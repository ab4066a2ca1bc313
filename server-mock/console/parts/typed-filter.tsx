/** A filter of a list that is typed: counts when one pauses, or at once with Enter. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 500;

export interface TypedFilterProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onSet: (value: string) => void;
}

export function TypedFilter({ label, placeholder, value, onSet }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const written = useRef(value);
  // Cleared, or gone back, elsewhere.
  useEffect(() => {
    if (value !== written.current) setTyped(value);
    written.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === written.current) return;
    const timer = setTimeout(() => write(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  const write = (text: string) => {
    if (text.trim() === written.current) return;
    written.current = text.trim();
    onSet(text.trim());
  };
  return (
    <TextInput
      label={label}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") write(typed);
      }}
    />
  );
}
