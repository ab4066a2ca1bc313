/** Where short words appear. Loaded with the first of them. */
import { Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.css";

export { notifications } from "@mantine/notifications";

export const ToastPlace = () => <Notifications position="bottom-right" />;
