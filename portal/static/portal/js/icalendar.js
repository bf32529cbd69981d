// Calendar entries as iCalendar (RFC 5545). Pure: texts in, text out; the clock is an argument.
const ZONE = "Europe/Helsinki";
const LONGEST = 75;

const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

// A line of at most 75 octets; the rest on lines that begin with a space. No letter is cut in two.
export function fold(line) {
  const encoder = new TextEncoder();
  const lines = [""];
  let octets = 0;
  for (const letter of line) {
    const size = encoder.encode(letter).length;
    if (octets + size > LONGEST) {
      lines.push(" ");
      octets = 1;
    }
    lines[lines.length - 1] += letter;
    octets += size;
  }
  return lines.join("\r\n");
}

const figures = (text) => text.replace(/[-:]/g, "");
const utc = (moment) => `${figures(moment.toISOString()).slice(0, 15)}Z`;

// How far Finland's clocks are ahead at a moment, in milliseconds.
function ahead(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" })
    .formatToParts(moment);
  const part = (type) => Number(parts.find((each) => each.type === type).value);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return shown - Math.floor(moment / 1000) * 1000;
}

// A day (YYYY-MM-DD) and a time (HH:MM) by Finland's clocks as a Date.
export function helsinki(day, time) {
  const shown = Date.parse(`${day}T${time}:00Z`);
  // Twice: on the night when the clocks change, the first guess can be on the wrong side.
  const guess = shown - ahead(shown);
  return new Date(shown - ahead(guess));
}

function entry({ uid, title, day, time = "", place = "" }, now) {
  return [
    "BEGIN:VEVENT",
    `UID:${escaped(uid)}`,
    `DTSTAMP:${utc(now)}`,
    time ? `DTSTART:${utc(helsinki(day, time))}` : `DTSTART;VALUE=DATE:${figures(day)}`,
    `SUMMARY:${escaped(title)}`,
    ...(place ? [`LOCATION:${escaped(place)}`] : []),
    // A day's task does not make the day busy.
    ...(time ? [] : ["TRANSP:TRANSPARENT"]),
    "END:VEVENT",
  ];
}

// Entries ({uid, title, day, time, place}; the whole day without a time) as the text of a calendar file.
export function calendar(entries, now) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Palvelupolku//Asioinnin muistilista//FI",
    ...entries.flatMap((each) => entry(each, now)),
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}
