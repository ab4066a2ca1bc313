/** `npm run docs`: what is made from tables. `test/meta/docs.test.ts` proves that all of it is current. */
import { writeFileSync } from "node:fs";
import { API_DOCS, apiDocs } from "./api-docs.ts";
import { ERROR_DOCS, errorDocs } from "./error-docs.ts";
import { OPERATIONS, readOperations, withSettings } from "./setting-docs.ts";

writeFileSync(ERROR_DOCS, errorDocs());
writeFileSync(API_DOCS, apiDocs());
writeFileSync(OPERATIONS, withSettings(readOperations()));
