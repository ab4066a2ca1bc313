import { z } from "zod";
import { CAPABILITIES } from "../capabilities.ts";

export const capability = z.enum(CAPABILITIES);
