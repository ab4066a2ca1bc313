#!/usr/bin/env node
import { launch } from "../base/launch.mjs";

await launch({ source: "cli/begin.ts", built: "holdfast.js" });
