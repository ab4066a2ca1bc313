import { Badge } from "@mantine/core";

export interface StateBadgeProps {
  /** teal: as it should be; orange: somebody stopped it; red: it failed; gray: neither. */
  readonly color: "teal" | "orange" | "red" | "gray";
  readonly children: string;
}

/** A state as a word with a dot beside it, never cut off. */
export const StateBadge = ({ color, children }: StateBadgeProps) => (
  <Badge variant="dot" color={color} style={WHOLE}>
    {children}
  </Badge>
);

const WHOLE = { minWidth: "max-content" };
