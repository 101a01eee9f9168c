// Prints icu_calendars.csv with the calendars of ICU: node icu_calendars.js > icu_calendars.csv
const kinds = [
  ["persian", "fa", {day: "numeric", month: "long", year: "numeric"}, 1827, 2121],
  ["persian", "fa", {weekday: "long", day: "numeric", month: "long", year: "numeric"}, 1827, 2121],
  ["buddhist", "th", {day: "numeric", month: "long", year: "numeric"}, 1800, 2100],
  ["buddhist", "th", {day: "numeric", month: "short", year: "numeric"}, 1800, 2100],
  ["japanese", "ja", {day: "numeric", month: "long", year: "numeric"}, 1873, 2060],
  ["japanese", "ja", {weekday: "long", day: "numeric", month: "long", year: "numeric"}, 1873, 2060],
  ["roc", "zh-TW", {day: "numeric", month: "long", year: "numeric"}, 1912, 2100],
];
let state = 12345;
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
console.log("calendar,text,iso");
for (const [calendar, language, fields, first, last] of kinds) {
  const format = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}`, {...fields, timeZone: "UTC"});
  for (let row = 0; row < 40; row++) {
    const begin = Date.UTC(first, 0, 1), end = Date.UTC(last, 11, 31);
    const day = new Date(begin + Math.floor(random() * ((end - begin) / 864e5)) * 864e5);
    console.log(`${calendar},"${format.format(day)}",${day.toISOString().slice(0, 10)}`);
  }
}
