import { Checkbox } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { isCovered, isSelected, type Selected, type Selection } from "./selection.ts";
import { readable } from "./spelled-path.ts";

export interface FolderToggleProps {
  readonly selection: Selection;
  readonly of: Pick<Selected, "snapshot" | "path">;
  readonly onToggle: (folder: Selected) => void;
}

/** Everything here is the folder itself: one path, however much is in it. */
export function FolderToggle({ selection, of, onToggle }: FolderToggleProps) {
  const isAbove = isCovered(selection, of);
  return (
    <Checkbox
      size="sm"
      aria-label={text.restore.selectFolder}
      checked={isAbove || isSelected(selection, of)}
      disabled={isAbove}
      onChange={() =>
        onToggle({ ...of, name: readable(of.path.split("/").at(-1) || of.path), kind: "folder", bytes: null })
      }
    />
  );
}
