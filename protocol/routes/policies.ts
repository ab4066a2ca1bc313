/** Client configuration: what each level says, what holds for a machine, which machines have it. */
import { z } from "zod";
import { deviceKind, empty, id16, listOf, rowId } from "../messages/fields.ts";
import * as policies from "../messages/policies.ts";
import type { Route } from "./route.ts";

const ofOrganization = z.strictObject({ kind: deviceKind });
const ofGroup = z.strictObject({ group: rowId, kind: deviceKind });
const ofMachine = z.strictObject({ machine: id16 });

export const policiesRoutes = {
  getPolicy: {
    method: "GET",
    path: "/v1/policies/{kind}",
    audience: ["console"],
    needs: "policies.view",
    summary: "What the organization says about its agents of a kind",
    etag: true,
    params: ofOrganization,
    response: policies.policyView,
  },
  putPolicy: {
    method: "PUT",
    path: "/v1/policies/{kind}",
    audience: ["console"],
    needs: "policies.edit",
    summary: "Configure all agents of a kind",
    etag: true,
    params: ofOrganization,
    body: policies.policyPut,
    response: policies.policyView,
  },
  getGroupPolicy: {
    method: "GET",
    path: "/v1/groups/{group}/policies/{kind}",
    audience: ["console"],
    needs: "policies.view",
    summary: "What a user group says about its agents of a kind",
    etag: true,
    params: ofGroup,
    response: policies.policyView,
  },
  putGroupPolicy: {
    method: "PUT",
    path: "/v1/groups/{group}/policies/{kind}",
    audience: ["console"],
    needs: "policies.edit",
    summary: "Configure the agents of a user group",
    etag: true,
    params: ofGroup,
    body: policies.policyPut,
    response: policies.policyView,
  },
  getMachinePolicy: {
    method: "GET",
    path: "/v1/machines/{machine}/policy",
    audience: ["console"],
    needs: "policies.view",
    summary: "What is said about one machine alone",
    etag: true,
    params: ofMachine,
    response: policies.policyView,
  },
  putMachinePolicy: {
    method: "PUT",
    path: "/v1/machines/{machine}/policy",
    audience: ["console"],
    needs: "policies.edit",
    summary: "Configure one machine",
    etag: true,
    params: ofMachine,
    body: policies.policyPut,
    response: policies.policyView,
  },
  getEffectivePolicy: {
    method: "GET",
    path: "/v1/machines/{machine}/policy/effective",
    audience: ["console"],
    summary: "View Configuration: what holds for a machine, and which level says so",
    params: ofMachine,
    response: policies.effectivePolicy,
  },
  listPolicyReceipts: {
    method: "GET",
    path: "/v1/policy-receipts",
    audience: ["console"],
    needs: "policies.view",
    summary: "Which machines have their configuration already",
    query: policies.policyReceiptsQuery,
    response: listOf(policies.policyReceipt),
  },
  ownPolicy: {
    method: "GET",
    path: "/v1/policy",
    audience: ["agent"],
    summary: "The machine's own configuration",
    query: policies.ownPolicyQuery,
    response: policies.ownPolicy,
  },
  takePolicy: {
    method: "POST",
    path: "/v1/policy/taken",
    audience: ["agent"],
    summary: "The machine works by this configuration now",
    body: policies.policyTaken,
    response: empty,
  },
} as const satisfies Record<string, Route>;
