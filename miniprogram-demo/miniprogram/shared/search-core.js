// The search: one generator for all three ways. It works through some hundred rows, yields, works on.
// Who drives it decides what that means: a plain loop blocks, the scheduler stops it at the end of each slice.
//
// workers/shared/ holds a copy of this folder: worker code can only require files of the workers directory,
// and files of that directory are not part of the logic layer's package. A test keeps the two equal.

const ROWS_A_STEP = 256;

function createIndex() {
  return { names: [], folded: [], codes: [], populations: [], countries: {} };
}

// Adds one part of the service's answer: { countries: { CN: ['中国', 'China'] }, cities: [['Shanghai', 'CN', 22315474]] }.
function* addCities(index, part) {
  Object.keys(part.countries).forEach((code) => {
    const names = part.countries[code];
    index.countries[code] = { zh: names[0], en: names[1], folded: names.map(fold) };
  });
  for (let i = 0; i < part.cities.length; i++) {
    const [name, code, population] = part.cities[i];
    index.names.push(name);
    index.folded.push(fold(name));
    index.codes.push(code);
    index.populations.push(population);
    if (i % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
  }
}

// Finds the best `limit` cities: prefix before substring before fuzzy, name before country, then the largest.
function* search(index, text, limit = 20) {
  const query = fold(text.trim());
  const found = { matches: 0, best: [] };
  if (query === '') return present(index, query, found);
  const byCountry = matchCountries(index, query);
  const fuzzy = createFuzzy(query);
  for (let from = 0; from < index.names.length; from += ROWS_A_STEP) {
    const to = Math.min(from + ROWS_A_STEP, index.names.length);
    for (let row = from; row < to; row++) {
      const match = matchName(index.folded[row], query, fuzzy, byCountry[index.codes[row]]);
      if (match) keepBest(found, match, row, index.populations[row], limit);
    }
    yield;
  }
  return present(index, query, found);
}

// Runs a generator to its end without a pause: the blocking way.
function drain(steps) {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

// ---- One row ----------------------------------------------------------------------------------------------------

// How good a match is; smaller is better.
const NAME_STARTS = 0;
const COUNTRY_STARTS = 1;
const NAME_HAS = 2;
const COUNTRY_HAS = 3;
const NAME_RESEMBLES = 4; // plus the number of errors

// What matchName answers: one object for all rows, because a search looks at 135,000 of them.
const match = { quality: 0, end: 0 };

function matchName(name, query, fuzzy, countryQuality) {
  const at = name.indexOf(query);
  match.end = at + query.length;
  if (at === 0) match.quality = NAME_STARTS;
  else if (countryQuality === COUNTRY_STARTS) match.quality = COUNTRY_STARTS;
  else if (at > 0) match.quality = NAME_HAS;
  else if (countryQuality === COUNTRY_HAS) match.quality = COUNTRY_HAS;
  else return fuzzy(name, match) ? match : null;
  if (at < 0) match.end = 0;
  return match;
}

function matchCountries(index, query) {
  const qualities = {};
  Object.keys(index.countries).forEach((code) => {
    const names = index.countries[code].folded;
    if (names.some((name) => name.startsWith(query))) qualities[code] = COUNTRY_STARTS;
    else if (names.some((name) => name.includes(query))) qualities[code] = COUNTRY_HAS;
  });
  return qualities;
}

// Does `query` occur in a name with a few letters wrong, missing or too many? Sellers' algorithm (1980): the column
// holds, for each length of the query's beginning, the fewest errors with which it can end at the letter looked at.
function createFuzzy(query) {
  const length = query.length;
  const allowed = length < 4 ? 0 : length < 7 ? 1 : 2;
  const letters = Array.from({ length }, (_, i) => query.charCodeAt(i));
  const column = new Array(length + 1).fill(0);
  return function fuzzy(name, result) {
    if (allowed === 0) return false;
    let fewest = allowed + 1;
    for (let i = 0; i <= length; i++) column[i] = i;
    for (let at = 0; at < name.length; at++) {
      const letter = name.charCodeAt(at);
      let diagonal = 0; // A match may begin at any letter.
      for (let i = 1; i <= length; i++) {
        const above = column[i];
        let errors = letter === letters[i - 1] ? diagonal : diagonal + 1;
        if (above + 1 < errors) errors = above + 1;
        if (column[i - 1] + 1 < errors) errors = column[i - 1] + 1;
        column[i] = errors;
        diagonal = above;
      }
      if (column[length] < fewest) {
        fewest = column[length];
        result.end = at + 1;
      }
    }
    result.quality = NAME_RESEMBLES + fewest;
    return fewest <= allowed;
  };
}

// ---- The best of all rows ---------------------------------------------------------------------------------------

// `best` is sorted; most rows are worse than its last and cost one comparison.
function keepBest(found, { quality, end }, row, population, limit) {
  const { best } = found;
  found.matches++;
  const cost = quality * 1e10 - population;
  if (best.length === limit && cost >= best[limit - 1].cost) return;
  let at = best.length;
  while (at > 0 && best[at - 1].cost > cost) at--;
  best.splice(at, 0, { cost, row, quality, end });
  if (best.length > limit) best.pop();
}

function present(index, query, found) {
  const rows = found.best.map(({ row, quality, end }, i) => {
    const { zh, en } = index.countries[index.codes[row]];
    const start =
      quality < NAME_RESEMBLES ? end - query.length : startNear(index.folded[row], end - query.length);
    const [before, hit, after] = split(index.names[row], start, end);
    return { id: row, rank: i + 1, before, hit, after, zh, en, population: index.populations[row] };
  });
  return { matches: found.matches, of: index.names.length, rows };
}

// A match with errors may begin a letter or two before or after: at the beginning of a word, if one is near.
function startNear(name, start) {
  const near = [0, 1, -1, 2, -2].map((step) => start + step);
  const found = near.find((at) => at === 0 || name[at - 1] === ' ');
  return found === undefined ? start : found;
}

// ---- Text -------------------------------------------------------------------------------------------------------

const ACCENTS = /[\u0300-\u036f]/g;
const APOSTROPHES = /[\u2018\u2019\u02bb\u02bc]/g;

// "München" and "munchen" are the same to somebody who types.
function fold(text) {
  const lower = text.toLowerCase();
  if (isPlain(lower)) return lower;
  return lower.normalize('NFD').replace(ACCENTS, '').normalize('NFC').replace(APOSTROPHES, "'");
}

function isPlain(text) {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

// Cuts a name around the match [start, end), which counts letters of the folded name.
function split(name, start, end) {
  let from = 0;
  let to = 0;
  let folded = 0; // letters of the folded name before letter i
  for (let i = 0; i <= name.length; i++) {
    if (folded <= start) from = i;
    if (folded <= end) to = i;
    if (i < name.length) folded += fold(name[i]).length;
  }
  return [name.slice(0, from), name.slice(from, to), name.slice(to)];
}

module.exports = { createIndex, addCities, search, drain, fold };
