// node figures.js FOLDER FLOWS.csv [INDICATORS.csv]: reads every number that the
// report of a result shows, in Chromium, and holds it against the tables beside
// it (footprints.csv, scores.csv, indicators.csv, partition.csv, the layers of
// areas and providers) and against the flows themselves, to the digits shown. A
// number that is in no table, and that is none of the words of the page, is a
// fault too. Numbers on the axes of charts must rise in even steps.
//
// Needs playwright-core on NODE_PATH, and Chromium (CHROMIUM, or /usr/bin/chromium).
'use strict';
const fs = require('fs');
const path = require('path');
const {chromium} = require('playwright-core');

const [, , folder, flowsFile, indicatorsFile] = process.argv;
const faults = [];
let D = null; // what the page's script reads
let compared = 0;
const fault = text => { faults.push(text); };

// Tables.
function csv(file) {
  const text = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  const rows = [[]];
  let cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') { rows[rows.length - 1].push(cell.replace(/\r$/, '')); cell = ''; if (c === '\n') rows.push([]); } else cell += c;
  }
  if (cell || rows[rows.length - 1].length) rows[rows.length - 1].push(cell); else rows.pop();
  const head = rows.shift();
  return rows.map(r => Object.fromEntries(head.map((h, i) => [h, r[i]])));
}
const has = name => fs.existsSync(path.join(folder, name));
const table = name => has(name) ? csv(path.join(folder, name)) : [];
const layer = name => has(name) ? JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')).features.map(f => f.properties) : [];
const by = (list, key) => new Map(list.map(r => [r[key], r]));
const known = x => x === '' || x === undefined || x === null ? null : +x;
const footprints = table('footprints.csv'), scores = by(table('scores.csv'), 'footprint');
const indicators = table('indicators.csv'), provenance = JSON.parse(fs.readFileSync(path.join(folder, 'provenance.json')));
const areaRows = by(layer('areas.geojson'), 'code'), providerRows = by(layer('providers.geojson'), 'code');
const place = new Map(table('partition.csv').map(r => [r.kind + ' ' + r.code, r.footprint]));

// Flows, small counts as intervals.
const flows = csv(flowsFile).map(r => {
  const pick = (...names) => r[names.find(n => n in r)];
  const count = pick('count', 'patients');
  const n = +count, whole = /^[0-9.]+$/.test(count);
  let published = whole ? n : 0, low = published, high = published;
  if (count === '*') [low, high] = [1, 7];
  else if (count === '<5' || whole && n > 0 && n < 5) { published = 0; [low, high] = [1, 4]; }
  return {a: pick('area', 'commissioner_code'), p: pick('provider', 'provider_code'), published, low, high, value: (low + high) / 2};
});
const hidden = flows.filter(f => f.published === 0 && f.high > 0).length;

// What a level must say: sums of the flows by the level's own members.
function sums(areasOf, providersOf, n) {
  const out = [...Array(n)].map(() => ({resident: 0, treated: 0, inside: 0, out: new Map(), in: new Map(), areaInside: new Map(), areaAll: new Map()}));
  const add = (m, k, f) => { const s = m.get(k) || {published: 0, value: 0}; s.published += f.published; s.value += f.value; m.set(k, s); };
  let total = 0;
  for (const f of flows) {
    const a = areasOf.get(f.a) ?? -1, p = providersOf.get(f.p) ?? -1;
    total += f.value;
    if (a >= 0) {
      out[a].resident += f.value;
      out[a].areaAll.set(f.a, (out[a].areaAll.get(f.a) || 0) + f.value);
      if (a === p) { out[a].inside += f.value; out[a].areaInside.set(f.a, (out[a].areaInside.get(f.a) || 0) + f.value); } else if (f.value > 0) add(out[a].out, p, f);
    }
    if (p >= 0) { out[p].treated += f.value; if (a !== p && f.value > 0) add(out[p].in, a, f); }
  }
  for (const s of out) s.li = s.inside / s.resident, s.ms = s.inside / s.treated;
  return {of: out, total};
}

// Numbers as they are written.
const written = /[\u2212-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?/g;
function parse(text) {
  const t = text.replace(/,/g, '').replace('\u2212', '-');
  return {x: +t, step: Math.pow(10, -((t.split(/e/)[0].split('.')[1] || '').length)) * (t.includes('e') ? Math.pow(10, +t.split('e')[1]) : 1)};
}
const near = (text, value) => {
  const {x, step} = parse(text);
  return value !== null && value !== undefined && Math.abs(x - value) <= step / 2 + 1e-9 * Math.max(1, Math.abs(value));
};
// Three digits, however many decimals or none: "13,700" stands for 13,712 too.
const nearly = (text, value) => near(text, value) || parse(text).x === +(+value).toPrecision(3) || parse(text).x === +(+value).toPrecision(2);
function same(where, text, value) {
  compared++;
  const found = (text || '').match(written);
  if (value === null || value === undefined || Number.isNaN(value)) { if (found) fault(`${where}: ${text} is shown, the tables have nothing`); return; }
  if (!found || !near(found[0], value)) fault(`${where}: ${text} is shown, the tables have ${value}`);
}
// words: the text must be as the pattern says, and its groups be the values, in order.
function words(where, text, pattern, values) {
  const m = pattern.exec(text);
  if (!m) { fault(`${where}: "${text}" is not as ${pattern}`); return; }
  values.forEach((v, i) => {
    if (typeof v === 'string') { compared++; if (m[i + 1] !== v) fault(`${where}: "${text}" has ${m[i + 1]}, the tables have ${v}`); } else same(where + ': ' + text, m[i + 1], v);
  });
}

// Columns of the league table and the list of figures: the heading, and what it is.
const columns = {
  Rating: 'rating', Rank: 'rank', 'Rank from': 'rank_low', 'Rank to': 'rank_high', 'Domains failing': 'domains_failing', Score: 'score', People: 'population',
  Areas: 'areas', Providers: 'providers', 'Localisation index': 'localisation_index', 'Market share index': 'market_share_index',
};
const shares = new Set(['localisation_index', 'market_share_index']);
const areaColumns = {Leakage: 'leakage', Concentration: 'hhi', Confidence: 'confidence'};
const cell = (row, title) => {
  const key = columns[title];
  if (!key || row === undefined) return undefined;
  const v = known(row[key]);
  return v === null ? null : shares.has(key) ? 100 * v : v;
};

// The page, read by its own script.
const readTable = () => {
  const t = document.getElementById('league');
  const swap = list => [list[1], list[0], ...list.slice(2)]; // the name stands first
  return {caption: t.caption.textContent, heads: swap([...t.tHead.querySelectorAll('button')].map(b => b.textContent)),
    rows: [...t.tBodies[0].rows].map(r => swap([...r.cells]).map(c => ({text: c.textContent, colour: (c.querySelector('.swatch') || {style: {}}).style.backgroundColor || null})))};
};
const readKey = () => [...document.querySelectorAll('#key li')].map(li => ({text: li.textContent, colour: (li.querySelector('.swatch') || {style: {}}).style.backgroundColor || null, hatch: !!li.querySelector('.hatch')}));
const readDetail = id => {
  [...document.querySelectorAll('#league tbody tr')].find(r => r.dataset.id === id).querySelector('button').click();
  const out = {h2: document.querySelector('#detail h2').textContent, first: [], sections: {}};
  let into = out.first;
  for (const e of document.getElementById('detail').children) {
    if (e.tagName === 'H3') into = out.sections[e.textContent] = [];
    if (e.tagName === 'P') into.push({p: e.textContent});
    const list = e.tagName === 'UL' ? e : e.querySelector('ul.plain');
    if (list) into.push({title: e.tagName === 'UL' ? '' : e.querySelector('summary').textContent, rows: [...list.children].map(li => [...li.children].map(s => s.textContent))});
    else if (e.tagName === 'DETAILS') into.push({title: e.querySelector('summary').textContent, words: [...e.querySelectorAll('p')].map(p => p.textContent)});
    if (e.tagName === 'TABLE') into.push({caption: e.caption.textContent, rows: [...e.tBodies[0].rows].map(r => [r.cells[0].firstChild.textContent, r.cells[0].textContent, r.cells[1].textContent])});
    if (e.querySelector && e.querySelector('table.near')) into.push({heads: [...e.querySelectorAll('thead th')].map(c => c.textContent), near: [...e.querySelectorAll('tbody tr')].map(r => [r.dataset.id, ...[...r.cells].slice(1).map(c => c.textContent)])});
    if (e.className === 'trends') into.push({trends: [...e.querySelectorAll('figure')].map(f => [f.querySelector('figcaption').textContent, f.querySelector('p').textContent])});
  }
  return out;
};

function checkTop(page, main) {
  words('title', page.title, /^(\d[\d,]*) candidate/, [footprints.length]);
  words('subtitle', page.sub, /^([\d,]+) areas and ([\d,]+) providers grouped by where ([\d,]+) patients are treated$/,
    [areaRows.size, providerRows.size, flows.reduce((s, f) => s + f.published, 0)]);
  const people = footprints.map(f => known(f.population)).filter(x => x !== null), li = footprints.map(f => known(f.localisation_index)).filter(x => x !== null);
  const facts = {
    footprints: [footprints.length],
    'of patients are treated in the footprint they live in': [100 * main.of.reduce((s, f) => s + f.inside, 0) / main.total],
    'of patients stay inside in the footprint that keeps fewest': [100 * Math.min(...li)],
    'people in each': [Math.min(...people), Math.max(...people)],
  };
  const most = key => Math.max(...[...scores.values()].map(r => +r[key]));
  for (const [label, value] of page.facts) {
    if (/^have serious underperformance/.test(label)) facts[label] = [footprints.filter(f => +f.rating === 4).length];
    const m = /^domains have figures, for (\d+) of (\d+) indicators$/.exec(label);
    if (m) {
      facts[label] = [most('domains_with_figures'), most('domains')];
      words('facts', label, /for (\d+) of (\d+) indicators$/, [most('indicators_rated'), most('indicators')]);
    }
    if (!facts[label]) { if (/\d/.test(value)) fault(`"${value} ${label}" is in no table`); continue; }
    const found = value.match(written) || [];
    facts[label].forEach((v, i) => same(label, found[i], v));
  }
  for (const note of page.foot) {
    if (!/\d/.test(note) || /Leaflet/.test(note)) continue;
    const m = /^([\d,]+) flows? not drawn, because the count is known only within bounds/.exec(note);
    if (m) same(note, m[1], hidden);
    else if (/^Made with stpmap/.test(note)) words('footer', note, /^Made with stpmap (\S+)$/, [provenance.version]);
    else if (/^SHA-256/.test(note)) words('footer', note, /: (\S+)$/, [provenance.flow_sha256]);
    else if (checkUnderstood(note)) continue;
    else if (!note.split(/[.;] /).every(part => (provenance.notes || []).some(n => n.includes(part)))) fault(`footer: "${note}" is no note of provenance.json`);
  }
}

// What was understood of the inputs stands in provenance.json, and sums of figures
// in indicators.csv.
function checkUnderstood(note) {
  const sum = /^(\S+): denominators of ([\d,]+) in, ([\d,]+) in footprints(?:, ([\d,]+) \([\d.]+%\) of entities without flow)?$/.exec(note);
  if (sum) {
    const of = kind => indicators.filter(i => i.indicator === sum[1] && kind(i)).reduce((s, i) => s + (known(i.denominator) || 0), 0);
    same(note, sum[2], of(() => true));
    same(note, sum[3], of(i => i.footprint !== 'unattributed'));
    if (sum[4]) same(note, sum[4], of(i => i.footprint === 'unattributed'));
    return true;
  }
  const ids = [...new Set(indicators.map(i => i.indicator))], most = key => Math.max(...[...scores.values()].map(r => +r[key]));
  const none = /^(\d+) of (\d+) indicators of the set have no figures: (.*)$/.exec(note);
  if (none) { words('footer', note, /^(\d+) of (\d+) /, [none[3].split(', ').length, none[3].split(', ').length + ids.length]); return true; }
  const unrated = /^No footprint is rated overall: (\d+) of (\d+) domains? ha(?:s|ve) figures/.exec(note);
  if (unrated) { words('footer', note, /: (\d+) of (\d+) domains?/, [most('domains_with_figures'), most('domains')]); return true; }
  // Names of indicators and periods are no figures.
  if (!/\d/.test(ids.reduce((t, id) => t.split(id).join(' '), note).replace(/\b\d{4}(?:[/-]\d{2})?\b/g, ' '))) return true;
  const m = /^(\S+) \(([^)]+)\): .*?([\d,]+) (?:rows?|areas?)(?:, ([\d,]+) used|$)/.exec(note);
  const u = m && (provenance.understood || []).find(u => u.role === m[1] && u.file === m[2]);
  if (!u) return false;
  same(note, m[3], u.rows);
  if (m[4]) same(note, m[4], u.used);
  for (const l of u.left_out) { compared++; if (!note.includes(l.rows.toLocaleString('en-GB') + ' left out (' + l.reason)) fault(`footer: "${note}" lacks ${l.rows} rows left out (${l.reason})`); }
  return true;
}

function checkLeague(name, league, rows) {
  const at = league.heads.indexOf('Rank');
  league.rows.forEach(r => {
    const row = rows.get(r[0].text);
    if (!row) { fault(`${name}: league table: ${r[0].text} is in no table`); return; }
    league.heads.forEach((title, i) => {
      if (title === 'Footprint' || title === 'Name') return;
      if (!(title in columns)) { if (/\d/.test(r[i].text)) fault(`${name}: league table: no column for ${title}`); return; }
      same(`${name}: league table: ${row.footprint}, ${title}`, r[i].text, cell(row, title));
    });
  });
  if (league.rows.length !== rows.size) fault(`${name}: league table of ${league.rows.length} rows, not ${rows.size}`);
  const rating = league.heads.indexOf('Rating');
  if (rating < 0 || !/^Sorted by Rating, falling/.test(league.caption)) return;
  for (let i = 1; i < league.rows.length; i++) {
    const [a, b] = [league.rows[i - 1], league.rows[i]];
    compared++;
    if (a[rating].text === b[rating].text && /\d/.test(b[at].text) && !(+a[at].text <= +b[at].text)) fault(`league table: rank ${a[at].text} stands before rank ${b[at].text}`);
  }
}

// A class of a legend as bounds; a class of one number has both the same.
const bounds = text => (text.match(written) || []).map(t => parse(t)).filter((_, i) => i < 2);
function checkKey(name, title, key, values, coloured, whole) {
  const classes = key.filter(k => k.colour && !k.hatch).map(k => ({...k, b: bounds(k.text)}));
  const numbers = values.filter(v => v !== null);
  if (!numbers.length) return;
  if (whole) for (const k of classes) if (/\d\.\d/.test(k.text)) fault(`${name}: Colour by ${title}: ${k.text} for whole numbers`);
  const holds = (k, v) => k.b.length && v >= k.b[0].x - k.b[0].step / 2 - 1e-9 && v <= k.b[k.b.length - 1].x + k.b[k.b.length - 1].step / 2 + 1e-9;
  for (const v of numbers) { compared++; if (!classes.some(k => holds(k, v))) fault(`${name}: Colour by ${title}: ${v} is in no class`); }
  for (const [id, v, colour] of coloured) {
    compared++;
    const k = classes.find(k => k.colour === colour);
    if (v !== null && (!k || !holds(k, v))) fault(`${name}: Colour by ${title}: ${id} has ${v} and the colour of ${k && k.text}`);
  }
  const ends = classes.flatMap(k => k.b);
  if (title !== 'Rating') { same(`${name}: Colour by ${title}: least`, String(ends[0].x), +Math.min(...numbers).toFixed(Math.max(0, Math.round(-Math.log10(ends[0].step))))); same(`${name}: Colour by ${title}: most`, String(ends[ends.length - 1].x), +Math.max(...numbers).toFixed(Math.max(0, Math.round(-Math.log10(ends[ends.length - 1].step))))); }
}

// Sentences about flows.
function checkWords(where, list, f, level, s) {
  const row = level.rows.get(f), of = s.of[level.index.get(f)];
  const most = m => [...m].filter(e => e[0] >= 0).sort((a, b) => b[1].value - a[1].value || a[0] - b[0])[0];
  const rest = [];
  for (const w of list) {
    let m;
    if ((m = /^Of residents' care, ([\d.]+)%/.exec(w))) same(where + ': ' + w, m[1], 100 * row.localisation_index);
    else if ((m = /^Of providers' work, ([\d.]+)%/.exec(w))) same(where + ': ' + w, m[1], 100 * row.market_share_index);
    else if ((m = /^Most who leave go to (?:.* \()?([^\s()]+)\)? \(([\d.]+)%/.exec(w))) { const [g, c] = most(of.out); words(where, w, /go to (?:.* \()?([^\s()]+)\)? \(([\d.]+)%/, [level.ids[g], 100 * c.value / of.resident]); } else if ((m = /^Most who arrive live in (?:.* \()?([^\s()]+)\)? \(([\d.]+)%/.exec(w))) { const [g, c] = most(of.in); words(where, w, /live in (?:.* \()?([^\s()]+)\)? \(([\d.]+)%/, [level.ids[g], 100 * c.value / of.treated]); } else if ((m = /^Its loosest area is (?:.* \()?([^\s()]+)\)?, with ([\d.]+)% of care inside/.exec(w))) {
      const least = Math.min(...[...of.areaAll].map(([a, n]) => (of.areaInside.get(a) || 0) / n));
      same(where + ': ' + w, m[2], 100 * least);
      same(where + ': ' + w, m[2], 100 * (of.areaInside.get(m[1]) || 0) / of.areaAll.get(m[1]));
    } else if ((m = /^It exchanges most with (\S+); merging the two would (lower|raise) modularity \(γ = ([\d.]+)\) by ([\d.e-]+\d)/.exec(w))) {
      const g = level.index.get(m[1]), o = s.of[g];
      const between = h => ((of.out.get(h) || {}).value || 0) + ((of.in.get(h) || {}).value || 0);
      const gain = between(g) / s.total - +m[3] * (of.resident + of.treated) * (o.resident + o.treated) / (2 * s.total * s.total);
      compared++;
      if (+Math.abs(gain).toPrecision(2) !== +m[4] || (gain > 0) !== (m[2] === 'raise')) fault(`${where}: "${w}": the flows give ${gain}`);
      if (s.of.some((_, h) => h !== level.index.get(f) && between(h) > between(g))) fault(`${where}: "${w}": it exchanges more with another`);
    } else if (w.startsWith(f + ' (') && / has [\d,]+ areas? and/.test(w) || w.startsWith(f + ' has ')) {
      words(where, w, / has ([\d,]+) areas?(?: and ([\d,]+) providers?)?(?: and ([\d,]+) people)?\.$/, [+row.areas, +row.providers].concat(known(row.population) === null ? [] : [+row.population]));
    } else rest.push(w);
  }
  return rest;
}

// Sentences about quality: every number in them is a figure of the footprint in
// scores.csv or indicators.csv, a count of cases that follows from those, or one of
// the page's fixed words. Names and periods are taken out first. Shares of a
// shortfall add up to the whole, and what an organisation has itself is what the
// table of indicators gives it.
function checkScoreWords(where, list, f, names, inputs) {
  const mine = indicators.filter(i => i.footprint === f), score = scores.get(f);
  let current = null, shares = [];
  const settle = () => {
    const total = shares.reduce((a, b) => a + b, 0);
    compared += shares.length;
    if (shares.length && Math.abs(total - 100) > shares.length / 2 + 0.5) fault(`${where}: ${current && current.indicator}: shares of a shortfall add up to ${total}%`);
    shares = [];
  };
  for (const said of list) {
    const sentence = said.trim();
    let w = sentence;
    const title = names.indicators.find(n => w.startsWith(n + ':'));
    if (title) { settle(); current = mine.find(i => i.indicator === names.idOf.get(title)); }
    const carried = /\(([A-Za-z0-9]+)\) accounts for (\d+)% of the shortfall; (?:its own figure is (.*)|it is rated "[^"]*")\.$/.exec(w), more = /^\d+ more accounts? for (\d+)%/.exec(w);
    if (carried) { shares.push(+carried[2]); if (carried[3]) checkOwn(where, w, carried[1], carried[3], current, inputs); continue; }
    if (more) { shares.push(+more[1]); settle(); continue; }
    for (const n of names.all) w = w.split(n).join(' ');
    w = w.replace(/ in \d{4}(?:[/-]\d{2,4})?\b| by \d{1,2} [A-Z][a-z]+ \d{4}/g, ' ').replace(/\b(95|99\.8)% limit|1 is the best and 4 the worst|per 1[0,]*\b/g, ' ').replace(/\bF\d+\b/g, ' ');
    const allowed = [footprints.length];
    const add = x => { if (x !== null && !Number.isNaN(x)) allowed.push(x, 100 * x); };
    for (const k in score || {}) if (!/name|footprint|period/.test(k)) add(known(score[k]));
    for (const i of title && current ? [current] : mine) {
      for (const k of ['value', 'lower', 'upper', 'target', 'target_at_period', 'gap', 'numerator', 'denominator', 'z', 'coverage', 'lower_998', 'upper_998']) add(known(i[k]));
      if (known(i.gap) !== null && known(i.denominator) !== null) {
        add(i.gap * i.denominator);
        for (const goal of ['target', 'target_at_period']) if (known(i[goal]) !== null) add(Math.abs(i[goal] * i.denominator - i.numerator));
        const scale = i.value * i.denominator / i.numerator;
        if (Number.isFinite(scale) && scale) add(i.gap * i.denominator / scale);
      }
      const all = indicators.filter(j => j.indicator === i.indicator && j.footprint !== 'unattributed' && known(j.numerator) !== null);
      const sum = k => all.reduce((s, j) => s + +j[k], 0);
      if (all.length) add(sum('numerator') / sum('denominator') * (i.value * i.denominator / i.numerator || 1));
      for (const t of names.trends.get(f + ' ' + i.indicator) || []) for (const k in t) if (!/footprint|indicator|period|direction/.test(k)) add(known(t[k]));
    }
    for (const t of w.match(written) || []) {
      compared++;
      if (!allowed.some(v => nearly(t.replace(/^[\u2212-]/, ''), Math.abs(v)))) fault(`${where}: "${sentence}": ${t} is no figure of ${f}`);
    }
  }
  settle();
}
function checkOwn(where, sentence, code, text, current, inputs) {
  if (!inputs || !current || current.weighted !== 'true' || !/\d/.test(text)) return;
  const scale = current.value * current.denominator / current.numerator;
  const own = inputs.filter(r => r.entity === code && r.indicator === current.indicator && r.period === current.period);
  const sum = k => own.reduce((s, r) => s + +r[k], 0);
  if (!Number.isFinite(scale) || !own.length || !sum('denominator')) return;
  compared++;
  const x = Math.abs(sum('numerator') / sum('denominator') * scale);
  if (![x, 100 * x].some(v => nearly(text.match(written)[0].replace(/^[\u2212-]/, ''), v))) fault(`${where}: "${sentence}": ${code} itself has ${x}`);
}

function checkIndicators(where, tables, f, names) {
  const shown = tables.flatMap(t => t.rows);
  const mine = indicators.filter(i => i.footprint === f);
  if (shown.length !== mine.length) fault(`${where}: ${shown.length} indicators, indicators.csv has ${mine.length}`);
  for (const [title, , text] of shown) {
    const row = mine.find(i => i.indicator === names.idOf.get(title.trim()));
    if (!row) { fault(`${where}: ${title} is no indicator of ${f}`); continue; }
    const value = known(row.value), percent = names.percent.has(row.indicator), x = k => known(row[k]) === null ? null : +row[k] * (percent ? 100 : 1);
    if (value === null) { words(where, text, /^Not known$/, []); continue; }
    same(`${where}: ${title}`, text, x('value'));
    const interval = /\(95% interval (\S+) to (\S+)\)/.exec(text);
    same(`${where}: ${title}: lower`, interval && interval[1], x('lower'));
    same(`${where}: ${title}: upper`, interval && interval[2].replace(')', ''), x('upper'));
    const target = /target of ([\d.,\u2212-]+)|target ([\d.,\u2212-]+)/.exec(text);
    same(`${where}: ${title}: target`, target && (target[1] || target[2]), x('target'));
    compared++;
    const meets = /meets the/.test(text) ? 'true' : /misses the/.test(text) ? 'false' : '';
    if (meets !== row.meets_target) fault(`${where}: ${title}: "${text}", meets_target is ${row.meets_target}`);
    const gap = /, ([\d.,]+) (?:points )?(better|worse)/.exec(text);
    if (gap) { same(`${where}: ${title}: gap`, gap[1], Math.abs(x('gap'))); if ((gap[2] === 'worse') !== (x('gap') > 0) && x('gap') !== 0) fault(`${where}: ${title}: ${text}`); }
    const band = /(far )?(worse|better) than the others/.exec(text);
    compared++;
    if ((band ? (band[1] ? 2 : 1) * (band[2] === 'worse' ? 1 : -1) : 0) !== +row.band) fault(`${where}: ${title}: "${text}", band is ${row.band}`);
  }
}

// The id in "Name (F14)", or a name that is the id.
const idIn = text => { const m = /\(([^()]+)\)$/.exec(text); return m ? m[1] : text; };
function checkExchange(where, section, level, f, s) {
  const of = s.of[level.index.get(f)], text = section[0].p;
  const hundred = (x, m) => { compared++; if (!(m === 'fewer than 1' ? x < 0.005 : m === 'more than 99' ? x >= 0.995 && x < 1 : near(m, 100 * x))) fault(`${where}: ${m} in 100 are shown, the tables have ${100 * x}`); };
  const m = [...text.matchAll(/(fewer than 1|more than 99|\d+) in 100/g)].map(m => m[1]);
  const row = level.rows.get(f);
  if (m.length > 0 && known(row.localisation_index) !== null) hundred(+row.localisation_index, m[0]);
  if (m.length > 1 && known(row.market_share_index) !== null) hundred(+row.market_share_index, m[1]);
  for (const list of section.slice(1).filter(e => e.rows)) {
    const out = /^Go elsewhere/.test(list.title), map = out ? of.out : of.in, all = out ? of.resident : of.treated;
    words(where, list.title, /([\d,]+) footprints?$/, [map.size]);
    for (const [name, text] of list.rows) {
      const c = map.get(name === 'no footprint' ? -1 : level.index.get(idIn(name)));
      if (!c) { fault(`${where}: ${list.title}: none with ${name}`); continue; }
      if (c.published > 0) words(`${where}: ${name}`, text, /^([\d,]+) \(([\d.]+)%\)$/, [c.published, 100 * c.value / all]);
      else words(`${where}: ${name}`, text, /^small counts only \(([\d.]+)%\)$/, [100 * c.value / all]);
    }
  }
}

function checkDetail(name, d, f, level, s, names, inputs) {
  const where = `${name}: ${f}`, row = level.rows.get(f);
  const members = kind => level[kind].filter(m => m[1] === level.index.get(f)).length;
  const lines = d.first.map(e => e.p);
  words(where, lines[0], /(?:Home to ([\d,]+) people in|Made of) [\d,]+ area/, known(row.population) === null ? [] : [+row.population]);
  words(where, lines[0], /([\d,]+) areas?, with ([\d,]+) provider/, [+row.areas, +row.providers]);
  compared += 2;
  if (members('areas') !== +row.areas || members('providers') !== +row.providers) fault(`${where}: partition and footprints differ`);
  let sentences = lines.slice(1);
  for (const key of Object.keys(d.sections)) {
    const section = d.sections[key];
    for (const e of section) if (e.words) sentences = sentences.concat(e.words);
    if (key === 'Patients in and out') checkExchange(where, section, level, f, s);
    else if (key === 'Indicators') checkIndicators(where, section.filter(e => e.caption !== undefined), f, names);
    else if (key === 'Figures') for (const [title, text] of section[0].rows) if (!(title in columns)) fault(`${where}: no column for ${title}`); else same(`${where}: ${title}`, text, cell(row, title));
    else if (key === 'Beside its neighbours') for (const e of section) for (const [id, ...texts] of e.near || []) texts.forEach((text, i) => same(`${where}: neighbour ${id}: ${e.heads[i + 1]}`, text, cell(level.rows.get(id), e.heads[i + 1])));
    else if (key === 'Over time') for (const e of section) for (const [title, text] of e.trends || []) checkTrend(`${where}: ${title} over time`, title, text, f, names);
    else if (/^On the map/.test(key)) for (const e of section) for (const [name, text] of e.rows || []) checkOther(`${where}: ${key}: ${name}`, name, text, key, level, f);
    else if (key === 'Members') for (const list of section) checkMembers(where, list, row);
    else if (section.some(e => e.p && /\d/.test(e.p))) for (const e of section) if (e.p) sentences.push(e.p);
  }
  const rest = checkWords(where, sentences, f, level, s);
  if (rest.length) checkScoreWords(where, rest, f, names, inputs);
}
function checkTrend(where, title, text, f, names) {
  const id = names.idOf.get(title), scale = names.percent.has(id) ? 100 : 1;
  const series = (names.trends.get(f + ' ' + id) || []).filter(t => known(t.value) !== null);
  const m = /^(\S+) in (.+), (\S+) in (.+)$/.exec(text);
  if (!m || !series.length) { fault(`${where}: "${text}" is in no table`); return; }
  const first = series[0], last = series[series.length - 1];
  same(where, m[1], scale * first.value);
  same(where, m[3], scale * last.value);
  compared += 2;
  if (m[2] !== first.period || m[4] !== last.period) fault(`${where}: "${text}" has other periods than trend.csv`);
}
// What share of a footprint lies in a group of another map, by the page's own places.
function checkOther(where, name, text, key, level, f) {
  const other = D.levels.find(l => key === `On the map \u201c${l.name}\u201d`), mine = level.areas.map((a, i) => [i, a[1]]).filter(a => a[1] === level.index.get(f)).map(a => a[0]);
  const people = mine.map(a => known((areaRows.get(D.areas.code[a]) || {}).population)), all = people.every(n => n !== null && n > 0);
  const weight = i => all ? people[i] : 1, g = name === 'in none' ? -1 : other.footprints.findIndex(p => p.id === idIn(name));
  let part = 0, sum = 0;
  mine.forEach((a, i) => { sum += weight(i); if (other.areas[a] === g) part += weight(i); });
  same(where, text, 100 * part / sum);
}
function checkMembers(where, list, row) {
  const areas = /area/.test(list.title), rows = areas ? areaRows : providerRows;
  words(where, list.title, /^([\d,]+) /, [+(areas ? row.areas : row.providers)]);
  const named = new Map([...rows.values()].map(r => [r.name || r.code, r]));
  for (const [name, text] of list.rows) {
    const r = named.get(name);
    if (!r) fault(`${where}: ${name} is no member`);
    else if ([...rows.values()].filter(o => (o.name || o.code) === name).length === 1) same(`${where}: ${name}`, text, known(areas ? r.population : r.patients));
  }
}

// The data that the map and its tips are drawn from.
function checkData(D) {
  D.areas.code.forEach((code, a) => {
    same(`people of ${code}`, String(D.areas.people[a] ?? ''), known((areaRows.get(code) || {}).population) || null);
    D.levels[0].areaColumns.forEach((c, i) => same(`${c.title} of ${code}`, String(D.levels[0].areaValues[a][i] ?? ''), known((areaRows.get(code) || {})[areaColumns[c.title]])));
    compared++;
    if ((D.levels[0].footprints[D.levels[0].areas[a]] || {id: ''}).id !== (place.get('area ' + code) || '')) fault(`${code} lies elsewhere in partition.csv`);
  });
  (D.providers.code || []).forEach((code, p) => {
    same(`patients of ${code}`, String(D.providers.patients[p] ?? ''), known((providerRows.get(code) || {}).patients));
    compared++;
    if ((D.levels[0].footprints[D.levels[0].providers[p]] || {id: ''}).id !== (place.get('provider ' + code) || '')) fault(`${code} lies elsewhere in partition.csv`);
  });
  const of = new Map(flows.map(f => [f.a + ' ' + f.p, f]));
  (D.flows.patients || []).forEach((n, i) => same('a flow', String(n), of.get(D.areas.code[D.flows.area[i]] + ' ' + D.providers.code[D.flows.provider[i]]).published));
}

function checkChart(chart) {
  // Numbers at one height or at one side are an axis.
  for (const side of ['x', 'y']) {
    const lines = new Map();
    for (const t of chart.texts) if (/^[\u2212-]?[\d,.]+%?$/.test(t.text)) { const k = Math.round(side === 'x' ? t.bottom : t.right); lines.set(k, (lines.get(k) || []).concat([[(side === 'x' ? (t.left + t.right) / 2 : t.bottom), parse(t.text.replace('%', '')).x]])); }
    for (const list of lines.values()) {
      if (list.length < 3) continue;
      list.sort((a, b) => a[0] - b[0]);
      compared += list.length;
      const rate = (list[list.length - 1][1] - list[0][1]) / (list[list.length - 1][0] - list[0][0]);
      for (const [p, v] of list) if (Math.abs(list[0][1] + rate * (p - list[0][0]) - v) > Math.abs(rate) * 6) fault(`chart "${chart.title}": ${v} stands at ${p}, out of step`);
    }
  }
}

(async () => {
  const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu']});
  const page = await browser.newPage({viewport: {width: 1400, height: 950}, reducedMotion: 'reduce'});
  page.on('pageerror', e => fault(String(e)));
  await page.goto('file://' + path.resolve(folder, 'report.html'));
  await page.waitForFunction('window.READY');
  D = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent));
  const inputs = indicatorsFile ? csv(indicatorsFile) : null;

  const names = {indicators: (D.indicators || []).map(i => i.title), idOf: new Map(), percent: new Set(), trends: new Map()};
  for (const t of table('trend.csv')) { const k = t.footprint + ' ' + t.indicator; names.trends.set(k, (names.trends.get(k) || []).concat([t])); }
  // Titles go to codes by the values of the first footprint.
  (D.indicators || []).forEach((ind, n) => {
    const fp = D.levels[0].footprints.find(p => p.indicators.some(v => v[0] === n && v[1] !== null));
    if (!fp) return;
    const v = fp.indicators.find(v => v[0] === n);
    const row = indicators.find(i => i.footprint === fp.id && known(i.value) === v[1]);
    if (!row) { fault(`${ind.title} of ${fp.id} has ${v[1]}, which is not in indicators.csv`); return; }
    names.idOf.set(ind.title, row.indicator);
    if (ind.percent) names.percent.add(row.indicator);
  });
  names.all = names.indicators.concat(D.areas.name, D.providers.name || [], D.areas.code, D.providers.code || [], D.levels.flatMap(l => l.footprints.map(f => f.name)), (D.indicators || []).map(i => i.domain), (D.indicators || []).map(i => i.period)).filter(Boolean).sort((a, b) => b.length - a.length);

  for (let n = 0; n < D.levels.length; n++) {
    const l = D.levels[n], name = l.name;
    if (D.levels.length > 1) await page.evaluate(v => { const e = document.getElementById('level'); e.value = v; e.dispatchEvent(new Event('input')); }, n);
    const index = new Map(l.footprints.map((f, i) => [f.id, i]));
    const level = {ids: l.footprints.map(f => f.id), index, areas: D.areas.code.map((c, i) => [c, l.areas[i]]), providers: (D.providers.code || []).map((c, i) => [c, l.providers[i]])};
    const s = sums(new Map(level.areas), new Map(level.providers), l.footprints.length);
    // Other levels have no table of their own: theirs follows from the flows.
    level.rows = n === 0 ? by(footprints, 'footprint') : new Map(l.footprints.map((f, i) => {
      const mine = level.areas.filter(a => a[1] === i), all = mine.map(a => known((areaRows.get(a[0]) || {}).population));
      return [f.id, {footprint: f.id, areas: mine.length, providers: level.providers.filter(p => p[1] === i).length, population: all.includes(null) ? '' : all.reduce((x, y) => x + y, 0), localisation_index: s.of[i].li, market_share_index: s.of[i].ms}];
    }));
    if (n === 0) {
      for (const f of footprints) { const of = s.of[index.get(f.footprint)]; same(`${f.footprint}: localisation index`, f.localisation_index, of.li); same(`${f.footprint}: market share`, f.market_share_index, of.ms); }
      checkTop(await page.evaluate(() => ({
        title: document.querySelector('h1').textContent, sub: document.querySelector('.sub').textContent,
        facts: [...document.querySelectorAll('.facts div')].map(d => [d.querySelector('dt').textContent, d.querySelector('dd').textContent]),
        foot: [...document.querySelectorAll('footer p')].map(p => p.textContent),
      })), s);
      checkData(D);
      const heat = await page.evaluate(() => { const t = document.getElementById('heat'); return t && t.tHead ? {heads: [...t.tHead.rows[0].cells].map(c => c.textContent), rows: [...t.tBodies[0].rows].map(r => [r.dataset.id, ...[...r.cells].slice(1).map(c => c.textContent)])} : null; });
      if (heat) for (const [id, ...texts] of heat.rows) texts.forEach((text, i) => {
        const ind = D.indicators.find(v => heat.heads[i + 1] === v.title + (v.unit ? ' (' + v.unit + ')' : '')), key = names.idOf.get(ind.title), row = indicators.find(r => r.footprint === id && r.indicator === key);
        same(`all indicators: ${id}, ${ind.title}`, text, row && known(row.value) !== null ? row.value * (names.percent.has(key) ? 100 : 1) : null);
        compared++;
        const said = /far better/.test(text) ? -2 : /better/.test(text) ? -1 : /far worse/.test(text) ? 2 : /worse/.test(text) ? 1 : 0;
        if (row && said !== (known(row.band) || 0)) fault(`all indicators: ${id}, ${ind.title}: "${text}", band is ${row.band}`);
      });
      for (const [id, text] of await page.evaluate(() => [...document.querySelectorAll('#ranks > div')].map(d => [d.dataset.id, d.querySelector('.said').textContent]))) {
        const r = level.rows.get(id), m = text.match(written);
        ['rank', 'rank_low', 'rank_high'].forEach((k, i) => same(`ranks: ${id}, ${k}`, m && m[i], known(r[k])));
      }
    }
    checkLeague(name, await page.evaluate(readTable), level.rows);
    for (const option of await page.evaluate(() => [...document.querySelectorAll('#colour option')].map(o => [o.value, o.textContent]))) {
      if (option[0] === 'fp') continue;
      await page.evaluate(v => { const e = document.getElementById('colour'); e.value = v; e.dispatchEvent(new Event('change')); }, option[0]);
      const key = await page.evaluate(readKey), title = option[1];
      if (option[0][0] === 'c') {
        const league = await page.evaluate(readTable), at = league.heads.indexOf(title);
        const whole = ['Rating', 'Domains failing', 'Areas', 'Providers', 'People'].includes(title);
        checkKey(name, title, key, [...level.rows.values()].map(r => cell(r, title)), league.rows.map(r => [r[0].text, cell(level.rows.get(r[0].text), title), r[at].colour]), whole);
      } else if (option[0][0] === 'i') {
        const id = names.idOf.get(title), scale = names.percent.has(id) ? 100 : 1;
        checkKey(name, title, key, indicators.filter(i => i.indicator === id && i.footprint !== 'unattributed').map(i => known(i.value)).map(v => v === null ? null : scale * v), [], false);
      } else {
        const column = areaColumns[title];
        const percent = /%/.test(key.map(k => k.text).join(''));
        checkKey(name, title, key, [...areaRows.values()].map(r => known(r[column])).map(v => v === null ? null : percent ? 100 * v : v), [], false);
      }
    }
    await page.evaluate(() => { const e = document.getElementById('colour'); e.value = 'fp'; e.dispatchEvent(new Event('change')); for (const id of ['lay-names', 'lay-providers']) { const b = document.getElementById(id); if (b && b.checked) b.click(); } });
    for (const f of level.ids) checkDetail(name, await page.evaluate(readDetail, f), f, level, s, names, inputs);
  }
  for (const chart of await page.evaluate(() => [...document.querySelectorAll('.charts figure')].map(f => ({title: f.querySelector('figcaption').textContent.trim(), texts: [...f.querySelectorAll('text')].map(t => { const b = t.getBoundingClientRect(); return {text: t.textContent, left: b.left, right: b.right, top: b.top, bottom: b.bottom}; })})))) checkChart(chart);
  await browser.close();
  for (const f of faults.slice(0, 60)) console.log(f);
  console.log(`${compared} figures compared, ${faults.length} differ`);
  process.exit(faults.length ? 1 : 0);
})().catch(e => { console.error(e); process.exit(2); });
