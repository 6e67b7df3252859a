// Judges answers as core/forms does, from the same description of the form (core/forms/describing.py).
// No page here: texts in; values, errors and what is not asked out. A test drives the same answers through both.

const BIGGEST = Number.MAX_SAFE_INTEGER;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/gu;

export function clean(text, blanks, { lines = false, half = false } = {}) {
  if (typeof text !== "string") return "";
  let plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(CONTROL, "");
  if (!lines) plain = plain.replace(/[\t\n]/gu, " ");
  if (half) {
    plain = plain.replace(/[\uff01-\uff5e]/gu, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
    plain = plain.replaceAll("\u3000", " ");
  }
  let from = 0;
  let to = plain.length;
  while (from < to && blanks.includes(plain[from])) from += 1;
  while (to > from && blanks.includes(plain[to - 1])) to -= 1;
  return plain.slice(from, to);
}

export function empty(answer, blanks) {
  if (answer === null || answer === undefined) return true;
  if (Array.isArray(answer)) return answer.every((one) => empty(one, blanks));
  if (typeof answer === "object") return Object.values(answer).every((one) => empty(one, blanks));
  return clean(answer, blanks, { lines: true }) === "";
}

// Expressions: null is unknown.

const whole = (value) => Number.isInteger(value);
const bounded = (value) => (Math.abs(value) <= BIGGEST ? value : null);

function realDay(year, month, day) {
  const days = [31, (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

function isDate(value) {
  const found = typeof value === "string" ? /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/u.exec(value) : null;
  return found !== null && !value.includes("\n") && realDay(Number(found[1]), Number(found[2]), Number(found[3]));
}

const same = (a, b) => (typeof a === "object" || typeof b === "object" ? null : a === b);
const not = (value) => (value === null ? null : !value);
const arithmetic = (compute) => (a, b) => (whole(a) && whole(b) ? bounded(compute(a, b)) : null);
const ordered = (compare) => (a, b) =>
  (whole(a) && whole(b)) || (isDate(a) && isDate(b)) ? compare(a, b) : null;
const extreme = (better) => (...values) =>
  values.every(whole) || values.every(isDate) ? values.reduce((a, b) => (better(b, a) ? b : a)) : null;

function years(start, end) {
  if (!isDate(start) || !isDate(end) || end < start) return null;
  const passed = end.slice(5) < start.slice(5) ? 1 : 0;
  return Number(end.slice(0, 4)) - Number(start.slice(0, 4)) - passed;
}

const OPERATORS = {
  "+": arithmetic((a, b) => a + b),
  "-": arithmetic((a, b) => a - b),
  "*": arithmetic((a, b) => a * b),
  "==": same,
  "!=": (a, b) => not(same(a, b)),
  "<": ordered((a, b) => a < b),
  "<=": ordered((a, b) => a <= b),
  ">": ordered((a, b) => a > b),
  ">=": ordered((a, b) => a >= b),
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  years,
};

function kleene(decides, values) {
  if (values.some((one) => one === decides)) return decides;
  return values.every((one) => one === !decides) ? !decides : null;
}

function ofRows(word, [name, inner], look) {
  const rows = look(name);
  if (!Array.isArray(rows)) return null;
  if (word === "count") return rows.length;
  let total = 0;
  for (const row of rows) {
    const value = typeof row === "object" ? row[inner] : null;
    if (!whole(value)) return null;
    total += value;
    if (Math.abs(total) > BIGGEST) return null;
  }
  return total;
}

export function evaluate([word, ...parts], look) {
  if (word === "value") return parts[0];
  if (word === "name") return look(parts[0]);
  if (word === "and" || word === "or") {
    return kleene(word === "or", parts.map((part) => evaluate(part, look)));
  }
  if (word === "not") {
    const value = evaluate(parts[0], look);
    return typeof value === "boolean" ? !value : null;
  }
  if (word === "sum" || word === "count") return ofRows(word, parts, look);
  if (word === "known") return evaluate(parts[0], look) !== null;
  if (word === "in") {
    const value = evaluate(parts[0], look);
    return value === null || typeof value === "object" ? null : parts[1].includes(value);
  }
  const values = parts.map((part) => evaluate(part, look));
  return values.some((one) => one === null) ? null : OPERATORS[word](...values);
}

// Numbers, dates and codes.

class Unreadable extends Error {}
const refuse = (code) => {
  throw new Unreadable(code);
};

function reader(form) {
  const fits = Object.fromEntries(
    Object.entries(form.patterns).map(([name, pattern]) => [name, new RegExp(`^(?:${pattern})$`, "u")]),
  );
  const match = (name, text) => (text.includes("\n") ? null : fits[name].exec(text));
  const plain = (text) => text.replace(/[ \-()]/gu, "");

  const READERS = {
    whole(text) {
      if (!match("whole", text) && !match("grouped", text)) refuse("whole");
      return Number(text.replaceAll(",", "")) + 0;
    },
    money(text) {
      const found = match("money", text) ?? refuse("money");
      const fen = Number(found[2].replaceAll(",", "")) * 100 + Number((found[3] ?? "0").padEnd(2, "0"));
      return found[1] && fen ? -fen : fen;
    },
    date(text) {
      const found = match("date", text) ?? match("compact_date", text) ?? refuse("date");
      const [year, month, day] = found.slice(1, 4).map(Number);
      if (year < form.years[0] || year > form.years[1] || !realDay(year, month, day)) refuse("date");
      return [String(year).padStart(4, "0"), ...[month, day].map((one) => String(one).padStart(2, "0"))].join("-");
    },
    phone(text) {
      let number = plain(text);
      const abroad = match("country", number);
      if (abroad) number = abroad[1];
      if (match("mobile", number)) return number;
      const found = match("landline", number) ?? refuse("phone");
      return `${found[1]}-${found[2]}`;
    },
    "id-number"(text) {
      const value = plain(text).toUpperCase();
      if (!match("id-number", value)) refuse("id-number");
      const province = form.provinces.includes(value.slice(0, 2));
      const foreigner = value[0] === "9" && form.provinces.includes(value.slice(1, 3));
      const [year, month, day] = [value.slice(6, 10), value.slice(10, 12), value.slice(12, 14)].map(Number);
      const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
      const total = weights.reduce((sum, weight, at) => sum + weight * Number(value[at]), 0);
      if (!(province || foreigner) || year < 1850 || !realDay(year, month, day)) refuse("id-number");
      if ("10X98765432"[total % 11] !== value[17]) refuse("id-number");
      return value;
    },
    "org-code"(text) {
      const value = plain(text).toUpperCase();
      const letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
      if (!match("org-code", value)) refuse("org-code");
      let weight = 1;
      let total = 0;
      for (const one of value.slice(0, 17)) {
        total += letters.indexOf(one) * weight;
        weight = (weight * 3) % 31;
      }
      const weights = [3, 7, 9, 10, 5, 8, 4, 2];
      const inner = weights.reduce((sum, one, at) => sum + one * parseInt(value[8 + at], 36), 0);
      const remainder = (n, of) => ((-n % of) + of) % of;
      if (letters[remainder(total, 31)] !== value[17]) refuse("org-code");
      if ("0123456789X"[remainder(inner, 11)] !== value[16]) refuse("org-code");
      return value;
    },
  };
  return READERS;
}

// The walk through the form, as core/forms/checking.py.

export function check(form, answers) {
  const READERS = reader(form);
  const wrong = [];
  const hidden = [];
  const say = (path, code, params = {}) => wrong.push({ path, code, params });
  const typed = (field, text) => clean(text, form.blanks, { lines: Boolean(field.long), half: form.half.includes(field.kind) });

  function group(fields, given, before, outer) {
    const values = {};
    const own = new Set(fields.map((one) => one.name));
    const look = (name) => (own.has(name) ? (Object.hasOwn(values, name) ? values[name] : null) : outer(name));
    for (const field of fields) {
      const path = before + field.name;
      if (field.when && evaluate(field.when, look) !== true) {
        hidden.push(path);
        continue;
      }
      const there = given && typeof given === "object" && Object.hasOwn(given, field.name) ? given[field.name] : undefined;
      const value = field.value ? computed(field, look) : answer(field, there, path, look);
      if (value !== null) values[field.name] = value;
    }
    return values;
  }

  function answer(field, given, path, look) {
    if (field.kind === "group") return group(field.fields, given, `${path}.`, look);
    if (field.kind === "rows") return rows(field, given, path, look);
    if (field.kind === "choices") return choices(field, given, path);
    const text = typed(field, given);
    if (!text) {
      if (field.required || field.consent) say(path, field.consent ? "consent" : "required");
      return null;
    }
    let value;
    try {
      value = read(field, text);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      say(path, error.message);
      return null;
    }
    return within(field, value, path) ? value : null;
  }

  function read(field, text) {
    if (field.kind === "text") return text;
    if (field.kind === "choice") return field.choices.includes(text) ? text : refuse("choice");
    if (field.kind === "yes") return text === "yes" || text === "no" ? text === "yes" : refuse("choice");
    return READERS[field.kind](text);
  }

  function within(field, value, path) {
    const before = wrong.length;
    if (field.kind === "text") {
      const length = [...value].length;
      if (field.most !== undefined && length > field.most) say(path, "long", { most: field.most });
      else if (field.least !== undefined && length < field.least) say(path, "short", { least: field.least });
      else if (field.pattern && (value.includes("\n") || !new RegExp(`^(?:${field.pattern})$`, "u").test(value))) say(path, "pattern");
    } else if (field.kind === "whole" || field.kind === "money") {
      if (field.least !== undefined && value < field.least) say(path, "small", { least: field.least });
      else if (field.most !== undefined && value > field.most) say(path, "large", { most: field.most });
    } else if (field.kind === "date" && field.past && value > form.today) say(path, "future");
    else if (field.consent && value !== true) say(path, "consent");
    return wrong.length === before;
  }

  function rows(field, given, path, look) {
    const there = [];
    (Array.isArray(given) ? given : []).forEach((row, place) => {
      if (row && typeof row === "object" && !Array.isArray(row) && !empty(row, form.blanks)) {
        there.push(group(field.fields, row, `${path}.${place}.`, look));
      }
    });
    counted(field, there.length, path);
    return there;
  }

  function choices(field, given, path) {
    const texts = (Array.isArray(given) ? given : [given]).map((one) => clean(one, form.blanks)).filter(Boolean);
    if (texts.some((text) => !field.choices.includes(text))) {
      say(path, "choice");
      return null;
    }
    const chosen = field.choices.filter((value) => texts.includes(value));
    counted(field, chosen.length, path);
    return chosen;
  }

  function counted(field, count, path) {
    const least = Math.max(field.least ?? 0, field.required ? 1 : 0);
    if (count < least) say(path, "few", { least });
    else if (field.most !== undefined && count > field.most) say(path, "many", { most: field.most });
  }

  function computed(field, look) {
    const value = evaluate(field.value, look);
    const fits = { whole: whole(value), money: whole(value), yes: typeof value === "boolean" };
    return (fits[field.kind] ?? typeof value === "string") ? value : null;
  }

  const values = group(form.fields, answers, "", (name) => (name === "today" ? form.today : null));
  return { values, wrong, hidden };
}
