/** A machine with a history made of bare packs, for tests of what is kept, freed and found. Time passes for what the test runs, not for the service's own jobs. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { Domain } from "../../server-mock/domain/domain.ts";
import { checkAll } from "../../server-mock/domain/space/check.ts";
import { type CollectOptions, type CollectReport, collectVault } from "../../server-mock/domain/space/collect.ts";
import { type SteeredClock, steeredClock } from "./steered-clock.ts";
import { makePack, registerMachine, type TestMachine, type TestPack } from "./test-machine.ts";
import { type Answered, startTestService, type TestService } from "./test-service.ts";

export class SpacePlace {
  readonly service: TestService;
  readonly machine: TestMachine;

  constructor(service: TestService, machine: TestMachine) {
    this.service = service;
    this.machine = machine;
  }

  readonly clock: SteeredClock = steeredClock();

  get domain(): Domain {
    return { ...this.service.service.domain, clock: this.clock };
  }

  async number(): Promise<number> {
    return (await this.domain.records.vaults.find(this.machine.vault.id.toString("hex")))?.number ?? 0;
  }

  first(pack: TestPack): Buffer {
    return pack.chunks[0] ?? Buffer.alloc(32);
  }

  data(ids: readonly Buffer[]): TestPack {
    return makePack(
      this.machine.vault.id,
      ids.map((id) => ({ id })),
    );
  }

  /** A snapshot of which the root refers to `ids`; `fresh` of them are sent. `more` goes with the commit. */
  async snapshot(
    ids: readonly Buffer[],
    fresh: readonly Buffer[] = ids,
    root: Buffer = randomBytes(32),
    more: Record<string, unknown> = {},
  ): Promise<Buffer> {
    const answered = await this.tryCommit(ids, fresh, root, more);
    expect(answered.status).toBe(200);
    return root;
  }

  async tryCommit(
    ids: readonly Buffer[],
    fresh: readonly Buffer[],
    root: Buffer,
    more: Record<string, unknown> = {},
  ): Promise<Answered> {
    await this.machine.open();
    if (fresh.length > 0) await this.machine.put(this.data(fresh));
    await this.machine.put(makePack(this.machine.vault.id, [{ id: root, links: ids }], "pages"));
    return await this.machine.commit(this.machine.record(root), more);
  }

  /** As if the service had received it then. */
  async receivedAt(sequence: number, receivedAt: number): Promise<void> {
    await this.domain.records.reach.changeSnapshots(await this.number(), [sequence], { receivedAt });
  }

  async letGo(...sequences: number[]): Promise<void> {
    await this.domain.records.reach.changeSnapshots(await this.number(), sequences, { state: "gone", stateAt: 1 });
  }

  async collect(options: CollectOptions = {}): Promise<CollectReport> {
    return await collectVault(this.domain, await this.number(), options);
  }

  async offered(): Promise<Set<string>> {
    const ids = await this.domain.records.chunks.listIds(await this.number(), Buffer.alloc(0), 9999);
    return new Set(ids.map((id) => Buffer.from(id).toString("hex")));
  }

  /** What a kept snapshot needs is there, whatever else may be wrong. */
  async expectReachable(): Promise<void> {
    const { findings } = await checkAll(this.domain);
    expect(findings.filter(({ kind }) => kind !== "file-unknown")).toEqual([]);
  }

  async expectSound(): Promise<void> {
    expect((await checkAll(this.domain)).findings).toEqual([]);
  }
}

export async function spacePlace(): Promise<SpacePlace> {
  const service = await startTestService();
  return new SpacePlace(service, await registerMachine(service));
}
