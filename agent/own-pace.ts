/** How fast this machine may send by its settings and the service's policy, hour by hour, for as long as it is held. */
import type { Clock } from "../base/clock.ts";
import { loadConfig } from "./config/load-config.ts";
import { BandwidthKeeper } from "./daemon/bandwidth-keeper.ts";
import { RateLimit } from "./remote/rate-limit.ts";

export interface OwnPace extends Disposable {
  readonly upload: RateLimit;
}

export async function ownPace(dataFolder: string, clock: Clock): Promise<OwnPace> {
  const { bandwidth, uploadLimit, downloadLimit } = await loadConfig(dataFolder);
  const limits = { bandwidth: bandwidth.value, uploadLimit: uploadLimit.value, downloadLimit: downloadLimit.value };
  const upload = new RateLimit(clock);
  const keeper = new BandwidthKeeper({ clock, timeZone: Temporal.Now.timeZoneId(), limits, upload });
  return { upload, [Symbol.dispose]: () => keeper[Symbol.dispose]() };
}
