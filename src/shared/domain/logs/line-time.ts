/**
 * When a line of a file was written, from the line itself: RFC 3339, `time="..."`, klog, syslog and
 * journalctl. For logs without the kubelet's own stamps. What names no zone is taken as UTC, what names no
 * year as the one that puts the line closest before `now`.
 */

const HEAD = 96;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

const iso =
  /^(?:time="?|ts="?|\[|\{"(?:ts|time|timestamp|@timestamp)":")?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?/;
const klog = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/;
const syslog = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;

/** Epoch ms; undefined for a line that does not say. */
export function lineTime(line: string, now: number): number | undefined {
  const head = line.slice(0, HEAD);
  const full = iso.exec(head);
  if (full) {
    const [, year, month, day, hour, minute, second, part, zone] = full;
    const at = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!) + millis(part);
    return Number.isNaN(at) ? undefined : at - offset(zone);
  }
  const k = klog.exec(head);
  if (k) return withYear(now, +k[1]! - 1, +k[2]!, +k[3]!, +k[4]!, +k[5]!, k[6]);
  const s = syslog.exec(head);
  const month = s ? months.indexOf(s[1]!) : -1;
  if (s && month >= 0) return withYear(now, month, +s[2]!, +s[3]!, +s[4]!, +s[5]!, s[6]);
  return undefined;
}

function withYear(
  now: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  part: string | undefined,
): number | undefined {
  if (month > 11 || day < 1 || day > 31 || hour > 23 || minute > 59) return undefined;
  const year = new Date(now).getUTCFullYear();
  const at = Date.UTC(year, month, day, hour, minute, second) + millis(part);
  return at > now + DAY ? Date.UTC(year - 1, month, day, hour, minute, second) + millis(part) : at;
}

function millis(part: string | undefined): number {
  return part === undefined ? 0 : Math.floor(Number(`0.${part}`) * 1000);
}

function offset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
