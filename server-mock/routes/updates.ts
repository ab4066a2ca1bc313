/** Routes for agents that keep themselves up to date. */
import type { Domain } from "../domain/domain.ts";
import { updateFile, updateManifest } from "../domain/updates/updates.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const updatesHandlers = (domain: Domain) =>
  ({
    updateManifest: () => updateManifest(domain),
    updateFile: ({ params }) => updateFile(domain, params.digest),
  }) satisfies Partial<ServiceHandlers>;
