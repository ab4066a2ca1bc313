/** Made by scripts/console.ts from the table of routes. */
declare module "virtual:routes" {
  import type { RouteName } from "../../../protocol/routes.ts";

  /** Of those that a browser may call: method, path with `{parameters}`. */
  export const ROUTE_PATHS: Readonly<Partial<Record<RouteName, readonly [method: string, path: string]>>>;
}
