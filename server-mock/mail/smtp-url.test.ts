import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { parseSmtpUrl } from "./smtp-url.ts";

test.each([
  ["smtp://mail.example.org", { host: "mail.example.org", port: 587, tls: "required", login: undefined }],
  ["smtps://mail.example.org", { host: "mail.example.org", port: 465, tls: "implicit", login: undefined }],
  ["smtp://127.0.0.1:25", { host: "127.0.0.1", port: 25, tls: "optional", login: undefined }],
  ["smtp://[::1]:25/?tls=off", { host: "::1", port: 25, tls: "off", login: undefined }],
  [
    "smtp://a%40b:c%3Ad@mail.example.org:2525?tls=required",
    { host: "mail.example.org", port: 2525, tls: "required", login: { user: "a@b", password: "c:d" } },
  ],
])("%s", (url, settings) => {
  expect(parseSmtpUrl(url)).toEqual(settings);
});

test.each([
  "mail.example.org",
  "https://mail.example.org",
  "smtp://",
  "smtp://mail.example.org/path",
  "smtp://mail.example.org?tls=maybe",
  "smtp://mail.example.org?pool=true",
  "smtps://mail.example.org?tls=off",
  "smtp://user:secret@mail.example.org?tls=off",
  "smtp://user:secret@mail.example.org?tls=optional",
])("%s is refused without showing a password", (url) => {
  try {
    parseSmtpUrl(url);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code: "config/invalid", message: expect.not.stringContaining("secret") });
  }
});
