#!/usr/bin/env node
import { launch } from "../base/launch.mjs";

await launch({ source: "server-mock/begin.ts", built: "holdfast-server.js" });
