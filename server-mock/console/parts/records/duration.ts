/** How long something took: `48 s`, `9 min`, `1 h 12 min`. */
import { text } from "../../messages/messages.ts";

export function formatDuration(ms: number): string {
  const { seconds, minutes, hours } = text.records.duration;
  const whole = Math.max(0, Math.round(ms / 1000));
  if (whole < 60) return seconds(whole);
  if (whole < 3600) return minutes(Math.round(whole / 60));
  const inMinutes = Math.round(whole / 60);
  return hours(Math.floor(inMinutes / 60), inMinutes % 60);
}
