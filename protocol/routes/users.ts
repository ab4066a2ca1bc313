/** Users. */
import { z } from "zod";
import { empty, rowId } from "../messages/fields.ts";
import * as users from "../messages/users.ts";
import type { Route } from "./route.ts";

const userParams = z.strictObject({ user: rowId });

const act = { method: "POST", audience: ["console"], params: userParams } as const;

export const usersRoutes = {
  createUser: {
    method: "POST",
    path: "/v1/users",
    audience: ["console"],
    needs: "users.create",
    summary: "Add a user",
    etag: true,
    body: users.userCreate,
    response: users.userView,
  },
  createUsers: {
    method: "POST",
    path: "/v1/users/batch",
    audience: ["console"],
    needs: "users.create",
    summary: "Add New User: several with one group and profile; the answer tells of each whether it was made",
    body: users.usersCreate,
    response: users.usersCreated,
  },
  getUser: {
    method: "GET",
    path: "/v1/users/{user}",
    audience: ["console"],
    needs: "users.view",
    summary: "The User Details panel",
    etag: true,
    params: userParams,
    response: users.userDetails,
  },
  changeUser: {
    method: "PATCH",
    path: "/v1/users/{user}",
    audience: ["console"],
    needs: "users.edit",
    summary: "Change a user: fields, limits, group, e-mail, password, state",
    etag: true,
    params: userParams,
    body: users.userChange,
    response: users.userDetails,
  },
  deleteUser: {
    method: "DELETE",
    path: "/v1/users/{user}",
    audience: ["console"],
    needs: "users.delete",
    stepUp: true,
    summary: "Delete a user with its machines; it can be undeleted for a while",
    params: userParams,
    response: users.userDetails,
  },
  undeleteUser: {
    ...act,
    path: "/v1/users/{user}/undelete",
    needs: "users.delete",
    summary: "Bring a deleted user back, with the machines that were deleted with it",
    response: users.userDetails,
  },
  purgeUser: {
    ...act,
    path: "/v1/users/{user}/purge",
    needs: "users.delete",
    stepUp: true,
    summary: "Remove a deleted user and all its backed-up files for good",
    body: users.userPurge,
    response: empty,
  },
  allowReactivation: {
    ...act,
    path: "/v1/users/{user}/allow-reactivation",
    needs: "users.edit",
    summary: "Allow Re-Activation: take the password away; the user chooses a new one by mail",
    body: users.activationSend,
    response: users.userDetails,
  },
  expireMobileAccess: {
    ...act,
    path: "/v1/users/{user}/expire-access",
    needs: "users.edit",
    summary: "Expire Mobile Access: end all log-ins of the user; its machines go on",
    response: users.userDetails,
  },
  sendActivation: {
    ...act,
    path: "/v1/users/{user}/send-activation",
    needs: "users.edit",
    summary: "Send activation email again",
    response: users.userDetails,
  },
} as const satisfies Record<string, Route>;
