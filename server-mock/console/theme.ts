/** How components look everywhere unless a page says otherwise: readable contrast, targets large enough for fingers. */
import {
  ActionIcon,
  Alert,
  Badge,
  Checkbox,
  Loader,
  type MantineThemeComponents,
  Modal,
  Table,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { text } from "./messages/messages.ts";

export const components: MantineThemeComponents = {
  ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: "lg" } }),
  // Titles in the box's own colour can't be read on its tint.
  Alert: Alert.extend({ styles: { title: { color: "var(--mantine-color-text)" } } }),
  // `default` is text on the page's own colours; filled badges of light colours can't be read.
  Badge: Badge.extend({
    defaultProps: { variant: "default", radius: "sm" },
    styles: { label: { textTransform: "none" } },
  }),
  Checkbox: Checkbox.extend({
    defaultProps: { size: "md" },
    styles: { label: { fontSize: "var(--mantine-font-size-sm)" } },
  }),
  Loader: Loader.extend({ defaultProps: { type: "dots" } }),
  // A header of the page is one; that of a dialog is none.
  Modal: Modal.extend({
    defaultProps: {
      centered: true,
      closeButtonProps: { "aria-label": text.common.close },
      attributes: { header: { role: "presentation" } },
    },
  }),
  Table: Table.extend({ defaultProps: { verticalSpacing: "xs", highlightOnHover: true } }),
  TextInput: TextInput.extend({ defaultProps: { autoComplete: "off" } }),
  Tooltip: Tooltip.extend({
    defaultProps: { events: { hover: true, focus: true, touch: true }, openDelay: 200, multiline: true, maw: 360 },
  }),
};
