/** The remotes over HTTP. */

import { AGENT_ROUTES } from "../../protocol/agent-routes.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { HttpClient } from "./http-client.ts";
import type { RateLimit } from "./rate-limit.ts";
import type {
  AgentRemote,
  ConsoleRemote,
  LocalCopyRemote,
  Login,
  PublicRemote,
  RestoreRemote,
  UpdateRemote,
} from "./remote.ts";
import type { ServiceAddress } from "./service-address.ts";

const PAGE_LIMIT = 500;

export function publicRemote(address: ServiceAddress): PublicRemote {
  const client = new HttpClient(address);
  return {
    facts: () => client.call("service"),
    async register(body, login) {
      if (login === undefined) return await client.call("register", { body });
      const { email, password } = login;
      return await withCode(
        login,
        () => client.call("register", { body: { ...body, login: { email, password } } }),
        (code) => client.call("register", { body: { ...body, login: { email, password, code } } }),
      );
    },
    async login(login) {
      const { email, password } = login;
      return await withCode(
        login,
        () => client.call("login", { body: { email, password } }),
        (code, ticket) => client.call("loginSecondFactor", { body: { ticket, code } }),
      );
    },
    openReplacement: (code) => client.call("openReplacement", { body: { code } }),
    replace: (body) => client.call("useReplacement", { body }),
    recoveryCertificate: (fingerprint) => client.call("findRecoveryCertificate", { params: { fingerprint } }),
  };
}

/** Most people have no second factor: the code is asked for when the service does. */
async function withCode<T>(
  { code }: Login,
  without: () => Promise<T>,
  withIt: (code: string, ticket: string) => Promise<T>,
): Promise<T> {
  try {
    return await without();
  } catch (error) {
    const isNeeded = error instanceof HoldfastError && error.code === "login/second-factor-needed";
    if (!isNeeded || code === undefined) throw error;
    return await withIt(await code(), String(error.data.ticket ?? ""));
  }
}

/** All packs together leave no faster than `limit` says. */
export function agentRemote(address: ServiceAddress, token: string, limit?: RateLimit): AgentRemote {
  const client = new HttpClient(address, token);
  return {
    machine: () => client.call("ownMachine"),
    openSession: (body) => client.call("openSession", { body }),
    chunkIds: (session, scope) => chunkIds(client, session, scope),
    putPack: (session, pack, bytes, signal) =>
      client.call("putPack", { params: { session, pack }, bytes, limit, signal }),
    progress: async (session, fence, counters) => {
      await client.call("progressSession", { params: { session }, body: { fence, counters } });
    },
    commit: (session, body) => client.call("commitSession", { params: { session }, body }),
    end: async (session, body) => {
      await client.call("endSession", { params: { session }, body });
    },
    snapshots: (state = "kept") => listed((query) => client.call("listSnapshots", { query: { ...query, state } })),
    backups: () => listed((query) => client.call("listOwnBackups", { query })),
    restores: () => listed((query) => client.call("listOwnRestores", { query })),
    orders: () => listed((query) => client.call("listOwnRestoreOrders", { query })),
    refuseOrder: async (order) => {
      await client.call("refuseRestoreOrder", { params: { order } });
    },
    noteOrder: async (order, note) => {
      await client.call("noteRestoreOrder", { params: { order }, body: { note } });
    },
    orderedFiles: (order, signal) => client.stream("takeOrderedFiles", { params: { order }, signal }),
    progressOrder: async (order, body) => {
      await client.call("progressRestoreOrder", { params: { order }, body });
    },
    heartbeat: (body, signal) => client.call("heartbeat", { body, signal }),
    policy: (known, signal) => client.call("ownPolicy", { ...(known ? { query: { known } } : {}), signal }),
    takePolicy: async (tag, signal) => {
      await client.call("takePolicy", { body: { tag }, signal });
    },
  };
}

export function localCopyRemote(address: ServiceAddress, token: string): LocalCopyRemote {
  const client = new HttpClient(address, token);
  return {
    addLocalBackup: async (body) => {
      await client.call("addLocalBackup", { body });
    },
    ownWrap: () => client.call("ownWrap"),
  };
}

export function updateRemote(address: ServiceAddress, token: string): UpdateRemote {
  const client = new HttpClient(address, token);
  return {
    async updateManifest(signal) {
      try {
        return (await client.bytes("updateManifest", { signal })).bytes;
      } catch (error) {
        if (error instanceof HoldfastError && error.code === "update/missing") return undefined;
        throw error;
      }
    },
    updateFile: (digest, signal) => client.stream("updateFile", { params: { digest }, signal }),
  };
}

export function consoleRemote(address: ServiceAddress, token: string): ConsoleRemote {
  const client = new HttpClient(address, token);
  return {
    logout: async () => {
      await client.call("logout");
    },
    machines: (search) =>
      listed((query) =>
        client.call("listMachines", {
          query: { ...query, sort: "machine", order: "asc", ...(search ? { search } : {}) },
        }),
      ),
    openRestore: (machine, body) => client.call("openRestore", { params: { machine }, body }),
    recover: (body) => client.call("recover", { body }),
    changeWrap: (machine, body) => client.call("changeWrap", { params: { machine }, body }),
    addRecoveryCertificate: (certificate) => client.call("addRecoveryCertificate", { body: { certificate } }),
  };
}

/** All that is read of packs comes no faster than `limit` says; threads that read by themselves would not know of it. */
export function restoreRemote(address: ServiceAddress, token: string, limit?: RateLimit): RestoreRemote {
  const client = new HttpClient(address, token);
  return {
    snapshots: (state = "kept") => listed((query) => client.call("listSnapshots", { query: { ...query, state } })),
    snapshotRecord: async (sequence) => (await client.bytes("getSnapshot", { params: { sequence } })).bytes,
    locate: (ids) => client.call("locate", { body: { ids } }),
    packRange: async (pack, offset, length, signal) => {
      const headers = { range: `bytes=${offset}-${offset + length - 1}` };
      return (await client.bytes("getPack", { params: { pack }, headers, limit, signal })).bytes;
    },
    progress: async (body) => {
      await client.call("progressRestore", { body });
    },
    ...(limit ? {} : { ranges: { ...address, path: AGENT_ROUTES.getPack.path, token } }),
  };
}

async function* chunkIds(client: HttpClient, session: string, scope: "staged" | "all"): AsyncGenerator<Buffer> {
  let after: string | undefined;
  do {
    const page = await client.bytes("listChunks", {
      params: { session },
      query: { scope, ...(after ? { after } : {}) },
    });
    yield page.bytes;
    after = page.header("holdfast-next");
  } while (after);
}

async function* listed<Item>(
  page: (query: Record<string, string | number>) => Promise<{ items: readonly Item[]; next: string | null }>,
): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const { items, next }: { items: readonly Item[]; next: string | null } = await page({
      limit: PAGE_LIMIT,
      ...(cursor ? { cursor } : {}),
    });
    yield* items;
    cursor = next;
  } while (cursor !== null);
}
