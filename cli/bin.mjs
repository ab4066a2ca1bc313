#!/usr/bin/env node
import { launch } from "../base/launch.mjs";

await launch("cli/main");
