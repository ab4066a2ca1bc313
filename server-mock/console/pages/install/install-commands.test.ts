import { expect, test } from "vitest";
import { installCommands, platformOf } from "./install-commands.ts";

const given = {
  platform: "linux",
  service: "https://backup.example.org:8470",
  email: "ada@example.org",
  productKey: "<product key>",
  fingerprint: "<fingerprint>",
  folders: "~/Documents",
} as const;

test("commands are whole: service, person, key", () => {
  expect(installCommands(given)).toEqual({
    install: "sudo npm install -g ./holdfast-<version>.tgz",
    withLogin: "holdfast register --service https://backup.example.org:8470 --email ada@example.org",
    withKey: "holdfast register --service https://backup.example.org:8470 --key <product key>",
    ownPassphrase:
      "holdfast register --service https://backup.example.org:8470 --email ada@example.org --own-passphrase",
    withFingerprint:
      "holdfast register --service https://backup.example.org:8470 --fingerprint <fingerprint> --email ada@example.org",
    backup: "holdfast backup ~/Documents",
  });
  expect(installCommands({ ...given, platform: "windows" }).install).toBe("npm install -g ./holdfast-<version>.tgz");
});

test("a log-in name that a shell would read as a command is quoted", () => {
  expect(installCommands({ ...given, email: "a$(id)@x.example" }).withLogin).toContain("--email 'a$(id)@x.example'");
  expect(installCommands({ ...given, email: "o'hara@x.example" }).withLogin).toContain(
    `--email 'o'\\''hara@x.example'`,
  );
});

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "windows"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "macos"],
  ["Mozilla/5.0 (X11; Linux x86_64)", "linux"],
])("%s", (userAgent, platform) => {
  expect(platformOf(userAgent)).toBe(platform);
});
