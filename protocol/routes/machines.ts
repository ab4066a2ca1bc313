/** Machines and their records. */
import { z } from "zod";
import { id16, listOf, listQuery } from "../messages/fields.ts";
import { machineChange, machineDetails } from "../messages/machine-acts.ts";
import { daysQuery, runDays, storageHistory } from "../messages/overview.ts";
import * as records from "../messages/records.ts";
import type { Route } from "./route.ts";

const machineParams = z.strictObject({ machine: id16 });

export const machinesRoutes = {
  getMachine: {
    method: "GET",
    path: "/v1/machines/{machine}",
    audience: ["console"],
    summary: "One machine",
    etag: true,
    params: machineParams,
    response: machineDetails,
  },
  changeMachine: {
    method: "PATCH",
    path: "/v1/machines/{machine}",
    audience: ["console"],
    needs: "machines.edit",
    summary: "Suspend a machine, set its storage limit or external ID",
    etag: true,
    params: machineParams,
    body: machineChange,
    response: machineDetails,
  },
  listBackups: {
    method: "GET",
    path: "/v1/machines/{machine}/backups",
    audience: ["console"],
    summary: "Backups of a machine, newest first",
    params: machineParams,
    query: listQuery,
    response: listOf(records.backupView),
  },
  listRestores: {
    method: "GET",
    path: "/v1/machines/{machine}/restores",
    audience: ["console"],
    summary: "Restores of a machine, newest first",
    params: machineParams,
    query: listQuery,
    response: listOf(records.restoreView),
  },
  machineStorage: {
    method: "GET",
    path: "/v1/machines/{machine}/storage",
    audience: ["console"],
    summary: "What a machine stored, day by day",
    params: machineParams,
    query: daysQuery,
    response: storageHistory,
  },
  machineDays: {
    method: "GET",
    path: "/v1/machines/{machine}/days",
    audience: ["console"],
    summary: "How a machine's runs ended, by day",
    params: machineParams,
    query: daysQuery,
    response: runDays,
  },
  listMachineSnapshots: {
    method: "GET",
    path: "/v1/machines/{machine}/snapshots",
    audience: ["console"],
    summary: "Snapshots of a machine, newest first",
    params: machineParams,
    query: listQuery,
    response: listOf(records.snapshotView),
  },
} as const satisfies Record<string, Route>;
