#!/usr/bin/env node
import { launch } from "../base/launch.mjs";

await launch("server-mock/main");
