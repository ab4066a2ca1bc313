/**
 * THE table of errors. The kind says what the caller does about it: *usage* and *denied*: tell; *missing*: tell, verify names it; *conflict*: look
 * again; *unavailable*: try again later; *corrupt*: stop trusting, never retry, never write; *local*: this file, this
 * disk; *bug*: ask for a report. Codes never change their meaning. `docs/errors.md` is made from this table.
 */

export type ErrorKind = "usage" | "denied" | "missing" | "conflict" | "unavailable" | "corrupt" | "local" | "bug";

export interface ErrorRow {
  readonly kind: ErrorKind;
  /** HTTP status; 0 for errors that never cross the wire. */
  readonly status: number;
  readonly says: string;
  readonly hint: string;
}

/** Exit codes of the command line, by kind. 0 is done, 3 done but incomplete, 130 interrupted. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  usage: 2,
  local: 3,
  denied: 4,
  missing: 5,
  conflict: 6,
  unavailable: 7,
  corrupt: 8,
  bug: 70,
};

export const ERROR_CODES = {
  "request/malformed": {
    kind: "usage",
    status: 400,
    says: "The request makes no sense: {reason}.",
    hint: "Correct it and try again.",
  },
  "request/too-large": {
    kind: "usage",
    status: 413,
    says: "The request is larger than {limit} bytes.",
    hint: "Send less at a time.",
  },
  "request/head-too-large": {
    kind: "usage",
    status: 431,
    says: "The request's address and headers are larger than {limit} bytes.",
    hint: "Send fewer or shorter headers.",
  },
  "request/url-too-long": {
    kind: "usage",
    status: 414,
    says: "The request's address is longer than {limit} characters.",
    hint: "Shorten the query.",
  },
  "request/too-slow": {
    kind: "unavailable",
    status: 408,
    says: "The request came in too slowly.",
    hint: "Try again over a better line.",
  },
  "request/in-progress": {
    kind: "conflict",
    status: 409,
    says: "A request with this idempotency key is being worked on.",
    hint: "Wait a moment and repeat it; the answer will be the first one's.",
  },
  "idempotency/other-request": {
    kind: "usage",
    status: 422,
    says: "This idempotency key was used for another request.",
    hint: "Make a new key for each new request; repeat one only with its own.",
  },
  "idempotency/outcome-unknown": {
    kind: "conflict",
    status: 409,
    says: "An earlier request with this idempotency key was cut off; whether it was done isn't known.",
    hint: "Look whether it was done; if not, send it with a new key.",
  },
  "edit/conflict": {
    kind: "conflict",
    status: 412,
    says: "Somebody else has changed this meanwhile; it is at version {version} now.",
    hint: "Look at it again, then repeat your change.",
  },
  "route/missing": {
    kind: "usage",
    status: 404,
    says: "There is no {method} {path}.",
    hint: "Compare the address with docs/protocol.md; agent and service may differ in version.",
  },
  "option/invalid": { kind: "usage", status: 0, says: "{option}: {reason}.", hint: "See `holdfast {command} --help`." },
  "command/interrupted": {
    kind: "local",
    status: 0,
    says: "Stopped.",
    hint: "Run it again; a backup goes on where it was, a restore starts anew.",
  },
  "service/not-started": {
    kind: "local",
    status: 0,
    says: "The service did not start: {reason}.",
    hint: "What it said is above; correct that and start again.",
  },
  "settings/invalid": {
    kind: "usage",
    status: 0,
    says: "The settings in {path} can't be used: {reason}.",
    hint: "Correct the file, or remove it and register again.",
  },
  "settings/not-registered": {
    kind: "usage",
    status: 0,
    says: "This machine is not registered with a service (no settings in {path}).",
    hint: "Run `holdfast register --service <address> --key <product key>` first.",
  },
  "settings/registered": {
    kind: "conflict",
    status: 0,
    says: "This machine is already registered as {machine} with {service}.",
    hint: "Use another --data folder, or remove the folder to start anew; backups stay on the service.",
  },
  "config/invalid": {
    kind: "usage",
    status: 0,
    says: "Can't use {setting}: {reason}.",
    hint: "`holdfast-server config` shows all settings; docs/operations.md lists them.",
  },
  "argument/invalid": {
    kind: "usage",
    status: 0,
    says: "{argument}: {reason}.",
    hint: "`holdfast-server <command> --help` shows what is allowed.",
  },
  "config/problems": {
    kind: "usage",
    status: 0,
    says: "{count} settings can't be used: {reason}",
    hint: "Correct them all; `holdfast-server start --help` and docs/operations.md list what is allowed.",
  },
  "address/in-use": {
    kind: "local",
    status: 0,
    says: "{address} is already in use.",
    hint: "Another Holdfast service may be running; stop it, or choose another address with --listen.",
  },

  "token/missing": {
    kind: "denied",
    status: 401,
    says: "This call needs a log-in.",
    hint: "Log in, or register this machine.",
  },
  "token/invalid": {
    kind: "denied",
    status: 401,
    says: "The log-in or registration is not valid (any more).",
    hint: "Log in again; for a machine, register it again.",
  },
  "token/wrong-audience": {
    kind: "denied",
    status: 403,
    says: "A token for {audience} can't be used here.",
    hint: "Use the token that this call asks for.",
  },
  "role/not-allowed": {
    kind: "denied",
    status: 403,
    says: "Your account may not do this: {action}.",
    hint: "Ask an administrator.",
  },
  "login/wrong": {
    kind: "denied",
    status: 401,
    says: "E-mail address or password is wrong.",
    hint: "Try again; an administrator can set a new password.",
  },
  "login/locked": {
    kind: "denied",
    status: 429,
    says: "Too many failed attempts; locked for {seconds} more seconds.",
    hint: "Wait, then try again.",
  },
  "service/busy": {
    kind: "unavailable",
    status: 503,
    says: "Another process of the service is working on {what}.",
    hint: "Wait a moment and try again.",
  },
  "request/too-many": {
    kind: "unavailable",
    status: 429,
    says: "Too many requests at once.",
    hint: "Wait a moment and try again.",
  },
  "password/too-short": {
    kind: "usage",
    status: 422,
    says: "A password has at least {minimum} characters.",
    hint: "Choose a longer one.",
  },
  "account/exists": {
    kind: "conflict",
    status: 409,
    says: "{email} is already used for a log-in.",
    hint: "Choose another e-mail address.",
  },
  "account/suspended": {
    kind: "denied",
    status: 403,
    says: "This account is suspended.",
    hint: "Your data is kept. Ask an administrator.",
  },
  "account/inactive": {
    kind: "denied",
    status: 403,
    says: "This account is not activated.",
    hint: "Follow the link in the activation mail, or ask an administrator to send it again.",
  },
  "account/ended": {
    kind: "denied",
    status: 403,
    says: "This account was ended.",
    hint: "Its data is kept for a while. Ask an administrator.",
  },
  "organization/suspended": {
    kind: "denied",
    status: 403,
    says: "This organization is suspended.",
    hint: "Its data is kept. Ask whoever runs the service.",
  },
  "group/missing": {
    kind: "missing",
    status: 404,
    says: "There is no such user group.",
    hint: "Choose one of the list.",
  },
  "organization/missing": {
    kind: "missing",
    status: 404,
    says: "There is no such organization.",
    hint: "Check the id.",
  },
  "organization/exists": {
    kind: "conflict",
    status: 409,
    says: "There is already an organization named {name}.",
    hint: "Choose another name.",
  },
  "user/missing": { kind: "missing", status: 404, says: "There is no such user.", hint: "Check the id." },
  "machine/missing": {
    kind: "missing",
    status: 404,
    says: "There is no such machine.",
    hint: "Check the name or id; `holdfast status` shows this machine's.",
  },
  "machine/suspended": {
    kind: "denied",
    status: 403,
    says: "This machine is suspended.",
    hint: "Its backups are kept. Ask an administrator.",
  },
  "machine/known": {
    kind: "conflict",
    status: 409,
    says: "This machine is already registered as {machine}.",
    hint: "If its settings are lost, run `holdfast register --recover` and log in as its user.",
  },
  "device/limit": {
    kind: "denied",
    status: 403,
    says: "No {device} device is left: {used} of {limit} in use.",
    hint: "Remove a machine, or ask an administrator for more devices.",
  },
  "device/none-free": {
    kind: "denied",
    status: 422,
    says: "The group {group} has not so many {device} devices free: {minimum} to {maximum} are possible.",
    hint: "Choose fewer, or give the group more.",
  },
  "product-key/unknown": {
    kind: "denied",
    status: 403,
    says: "This product key is not known.",
    hint: "Check it for typing errors; it has four groups of five characters.",
  },
  "product-key/used": {
    kind: "denied",
    status: 403,
    says: "This product key is already used by another machine.",
    hint: "Ask an administrator for another key.",
  },
  "product-key/revoked": {
    kind: "denied",
    status: 403,
    says: "This product key was revoked.",
    hint: "Ask an administrator for another key.",
  },
  "product-key/wrong-type": {
    kind: "denied",
    status: 403,
    says: "This is a {keyType} key, but this machine runs a {machineType} system.",
    hint: "Ask for a {machineType} key.",
  },
  "product-key/missing": {
    kind: "missing",
    status: 404,
    says: "There is no such product key.",
    hint: "`holdfast-server keys list` shows them.",
  },
  "product-key/in-use": {
    kind: "conflict",
    status: 409,
    says: "This product key is in use by machine {machine}.",
    hint: "Suspend or delete the machine instead.",
  },
  "limit/out-of-range": {
    kind: "denied",
    status: 422,
    says: "The limit must be between {minimum} and {maximum} ({above}).",
    hint: "Choose a value in that range.",
  },

  "quota/exceeded": {
    kind: "denied",
    status: 413,
    says: "The {level} quota is full: {used} of {limit} bytes used, {wanted} more wanted.",
    hint: "What is complete was kept. Ask an administrator for more room; the next backup goes on where this one stopped.",
  },
  "records/changed": {
    kind: "corrupt",
    status: 0,
    says: "{count} records are not as they were written.",
    hint: "Somebody changed the database by hand, or it was brought back from an older copy. Compare with a backup of it.",
  },
  "storage/full": {
    kind: "unavailable",
    status: 507,
    says: "The service's disk has no room left.",
    hint: "The service's operator must add space; backups go on by themselves afterwards.",
  },
  "storage/failed": {
    kind: "unavailable",
    status: 503,
    says: "The service's storage failed: {reason}.",
    hint: "The service's operator must look at its log.",
  },
  "service/unreachable": {
    kind: "unavailable",
    status: 0,
    says: "The service at {address} can't be reached: {reason}.",
    hint: "Check that it is running and that the network lets you through.",
  },
  "service/certificate": {
    kind: "denied",
    status: 0,
    says: "The service at {address} shows another certificate ({fingerprint}) than this machine was told to trust.",
    hint: "If the certificate was changed on purpose, register again with the new fingerprint; else somebody is between you and the service.",
  },
  "service/failed": {
    kind: "unavailable",
    status: 500,
    says: "The service failed on request {request}.",
    hint: "Its log says why; try again later.",
  },
  "service/running": {
    kind: "local",
    status: 0,
    says: "Another service is using {path}.",
    hint: "Stop it first, or choose another folder with --data.",
  },
  "service/stopping": {
    kind: "unavailable",
    status: 503,
    says: "The service is stopping or not ready.",
    hint: "Try again in a moment.",
  },
  "service/unknown-error": {
    kind: "unavailable",
    status: 0,
    says: "The service answered {code}: {message}",
    hint: "The service may be newer than this program; update it.",
  },
  "service/protocol": {
    kind: "unavailable",
    status: 0,
    says: "The service's answer to {request} makes no sense: {reason}.",
    hint: "Check that the address is a Holdfast service of a fitting version.",
  },

  "session/missing": {
    kind: "missing",
    status: 404,
    says: "There is no such session.",
    hint: "Start the backup again.",
  },
  "session/expired": {
    kind: "conflict",
    status: 409,
    says: "This backup's lease has run out or another backup of this machine has begun.",
    hint: "Start the backup again; nothing that was acknowledged is sent twice.",
  },
  "snapshot/missing": {
    kind: "missing",
    status: 404,
    says: "There is no snapshot {snapshot}.",
    hint: "`holdfast snapshots` lists them.",
  },
  "snapshot/none-then": {
    kind: "missing",
    status: 0,
    says: "There is no snapshot at or before {date}.",
    hint: "`holdfast snapshots` lists them.",
  },
  "snapshot/conflict": {
    kind: "conflict",
    status: 409,
    says: "The history has gone on: the next record is {sequence}.",
    hint: "If this machine was cloned, register the copy as a machine of its own.",
  },
  "snapshot/malformed": {
    kind: "corrupt",
    status: 422,
    says: "The snapshot record is not acceptable: {reason}.",
    hint: "Update the agent; if it happens again, report it.",
  },
  "snapshot/corrupt": {
    kind: "corrupt",
    status: 0,
    says: "Snapshot {snapshot} can't be trusted: {reason}.",
    hint: "Use another snapshot and tell the service's operator.",
  },
  "chunk/missing": {
    kind: "conflict",
    status: 409,
    says: "{count} chunks that the snapshot needs are not on the service.",
    hint: "The agent sends them again by itself.",
  },
  "chunk/lost": {
    kind: "missing",
    status: 0,
    says: "Chunk {chunk} is not on the service.",
    hint: "`holdfast verify` names the files; the service's operator must bring back what its storage has lost.",
  },
  "chunk/corrupt": {
    kind: "corrupt",
    status: 0,
    says: "Chunk {chunk} is damaged: {reason}.",
    hint: "Nothing was restored from it; `holdfast verify` names the files.",
  },
  "pack/corrupt": {
    kind: "corrupt",
    status: 422,
    says: "Pack {pack} is damaged: {reason}.",
    hint: "Send it again; if it happens again, check memory and disk.",
  },
  "pack/missing": {
    kind: "missing",
    status: 404,
    says: "There is no pack {pack}.",
    hint: "`holdfast verify` names the files that need it.",
  },
  "format/malformed": {
    kind: "corrupt",
    status: 422,
    says: "A {structure} is malformed: {reason}.",
    hint: "Nothing was taken from it; `holdfast verify` names what is affected.",
  },
  "range/invalid": {
    kind: "usage",
    status: 416,
    says: "The range lies outside the pack.",
    hint: "Ask for bytes within it.",
  },
  "vault/rolled-back": {
    kind: "corrupt",
    status: 0,
    says: "The service shows an older or different history (snapshot {shown}) than it confirmed to this machine (snapshot {known}).",
    hint: "Somebody restored the service from an old copy, or tampers with it. Ask its operator; `holdfast backup --accept-history` goes on from what it shows.",
  },
  "vault/exists": {
    kind: "conflict",
    status: 409,
    says: "This vault id is taken.",
    hint: "Register again; a new one is made.",
  },

  "key/wrong-passphrase": {
    kind: "denied",
    status: 0,
    says: "The passphrase is wrong.",
    hint: "Try again. Nobody but you has it; without it this machine's backups can't be read.",
  },
  "key/passphrase-missing": {
    kind: "usage",
    status: 0,
    says: "This machine's backups can only be read with its passphrase.",
    hint: "Give it on the terminal, with --passphrase-file, or in HOLDFAST_PASSPHRASE.",
  },
  "key/weak-wrap": {
    kind: "corrupt",
    status: 0,
    says: "The service offers a passphrase wrap outside the allowed strength.",
    hint: "Don't type the passphrase; ask the service's operator.",
  },
  "key/not-this-vault": {
    kind: "corrupt",
    status: 0,
    says: "The key that was released does not open this vault.",
    hint: "Ask the service's operator.",
  },
  "key/unavailable": {
    kind: "unavailable",
    status: 503,
    says: "The service can't open this vault's key: {reason}.",
    hint: "Its key-encryption key may be missing; the service's operator must look at its log.",
  },

  "root/missing": {
    kind: "local",
    status: 0,
    says: "{path} does not exist or can't be listed: {reason}.",
    hint: "Check the folder; a disk may not be mounted.",
  },
  "root/none": {
    kind: "usage",
    status: 0,
    says: "No folder to back up.",
    hint: "Name one: `holdfast backup <folder>`; it is remembered.",
  },
  "file/unreadable": {
    kind: "local",
    status: 0,
    says: "{path} can't be read: {reason}.",
    hint: "Check permissions, or exclude it.",
  },
  "file/vanished": {
    kind: "local",
    status: 0,
    says: "{path} vanished while it was backed up.",
    hint: "Nothing to do if that was meant.",
  },
  "file/changing": {
    kind: "local",
    status: 0,
    says: "{path} changed while it was read; it is stored as read.",
    hint: "Back it up again when it is at rest.",
  },
  "file/metadata": {
    kind: "local",
    status: 0,
    says: "{path}: {what} could not be read or set: {reason}.",
    hint: "The contents are unaffected; run as an administrator to keep it.",
  },
  "file/not-sent": {
    kind: "local",
    status: 0,
    says: "{path} could not be sent before room ran out.",
    hint: "It is sent by the next backup when there is room.",
  },
  "restore/target": {
    kind: "local",
    status: 0,
    says: "Nothing can be restored to {path}: {reason}.",
    hint: "Choose another folder with --to.",
  },
  "restore/exists": {
    kind: "local",
    status: 0,
    says: "{path} already exists.",
    hint: "Choose another --to folder, or --existing keep, rename or overwrite.",
  },
  "restore/unsafe": {
    kind: "corrupt",
    status: 0,
    says: "The catalog names {path}, which would leave the restore folder; it was not restored.",
    hint: "The backup may have been tampered with.",
  },
  "restore/no-match": {
    kind: "missing",
    status: 0,
    says: "Nothing in snapshot {snapshot} matches {path}.",
    hint: "`holdfast find` and `holdfast versions` search the history.",
  },
  "restore/failed-file": {
    kind: "local",
    status: 0,
    says: "{path} could not be restored: {reason}.",
    hint: "The rest was restored; try this one again.",
  },
  "restore/cancelled": {
    kind: "local",
    status: 0,
    says: "The restore was stopped.",
    hint: "What was restored is whole; run it again with --existing keep to go on.",
  },
  "restore/no-content": {
    kind: "missing",
    status: 0,
    says: "{path} could not be read when it was backed up: this snapshot has no content for it.",
    hint: "`holdfast versions` shows whether another snapshot has it.",
  },
  "disk/full": {
    kind: "local",
    status: 0,
    says: "No room left on the disk at {path}.",
    hint: "Free space or choose another folder, then run the command again.",
  },
  "state/unusable": {
    kind: "local",
    status: 0,
    says: "The local state in {path} can't be used: {reason}.",
    hint: "Remove the file; it is only a cache, the next backup rebuilds it.",
  },
  "backup/running": {
    kind: "conflict",
    status: 0,
    says: "Another backup of this machine is running (process {pid}).",
    hint: "Wait for it or stop it.",
  },
  "backup/cancelled": {
    kind: "local",
    status: 0,
    says: "The backup was stopped.",
    hint: "Run it again; it goes on where it was.",
  },
  "agent/vanished": {
    kind: "unavailable",
    status: 0,
    says: "The agent stopped without a word.",
    hint: "The machine may have been switched off; the next backup goes on where this one stopped.",
  },

  "bug/invariant": {
    kind: "bug",
    status: 500,
    says: "This should be impossible: {reason}.",
    hint: "Please report it.",
  },
  "bug/unexpected": { kind: "bug", status: 500, says: "Unexpected: {reason}", hint: "Please report it." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
