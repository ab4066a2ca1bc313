/** Log-ins. */
import { z } from "zod";
import { capability } from "./capabilities.ts";
import { instant, password, rowId } from "./fields.ts";

export const loginRequest = z.strictObject({
  /** The log-in name: of users and admins their e-mail address. */
  email: z.string().trim().min(1).max(254),
  password,
});
export const loginResponse = z.object({
  token: z.string(),
  expiresAt: instant,
  account: z.object({
    id: rowId,
    email: z.string(),
    name: z.string(),
    role: z.enum(["owner", "admin", "user"]),
    organization: rowId.nullable(),
    /** What the account may do; users need none for what is their own. */
    capabilities: z.array(capability),
  }),
});
export type LoginResponse = z.infer<typeof loginResponse>;
