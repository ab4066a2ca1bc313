/** The console, put together: looks → answers kept → who is here → the page of this address. */
import { type CSSVariablesResolver, createTheme, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { retryOf } from "./api/hooks.ts";
import { ConfirmProvider } from "./parts/confirm.tsx";
import { Toasts } from "./parts/toasts.tsx";
import { SessionGate } from "./session/session.tsx";
import { StepUpDialog } from "./session/step-up-dialog.tsx";
import { Shell } from "./shell/shell.tsx";
import { components } from "./theme.ts";

const client = new QueryClient({ defaultOptions: { queries: { retry: retryOf, staleTime: 5_000 } } });

const nonce = document.querySelector('meta[name="nonce"]')?.getAttribute("content") ?? "";
// What locks the page behind a dialog (react-remove-scroll) makes a style of its own, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={colors} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <Toasts />
        <ConfirmProvider>
          <StepUpDialog />
          <SessionGate>
            <Shell />
          </SessionGate>
        </ConfirmProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  defaultRadius: "sm",
  cursorType: "pointer",
  // Dialogs stand where they are from the first moment for whoever wants it so.
  respectReducedMotion: true,
  components,
});

/** Texts that are less important are still to be read: 4.5 to 1, on tinted ground too. */
const colors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-anchor": "#077052",
    "--mantine-color-dimmed": "#545c66",
    "--mantine-color-error": "#b42318",
    "--mantine-color-placeholder": "#656d78",
    "--mantine-color-teal-filled-hover": "#067050",
    "--mantine-color-teal-light-hover": "#e3f9f1",
  },
  dark: {
    "--mantine-color-anchor": "#63e6be",
    "--mantine-color-dimmed": "#a9b1bd",
    "--mantine-color-error": "#ff9a91",
    "--mantine-color-placeholder": "#9aa1ac",
    "--mantine-color-teal-filled-hover": "#067050",
  },
});
