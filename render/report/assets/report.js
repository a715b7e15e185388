(function () {
'use strict';
// Names come from strangers' files: every text goes in through textContent, none as markup.
const D = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const areas = D.areas, prov = D.providers, flows = D.flows;
const nA = (areas.code || []).length, nP = (prov.code || []).length, nF = (flows.area || []).length;
const levels = D.levels || [];
document.documentElement.classList.add('js');
let level = D.start, chosen = -1, colourBy = 'fp';
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

function h(tag, attrs, ...kids) {
  const e = document.createElement(tag);
  for (const k in attrs || {}) {
    const v = attrs[k];
    if (v === null || v === undefined || v === false) continue;
    if (k === 'on') for (const n in v) e.addEventListener(n, v[n]);
    else if (k === 'class') e.className = v;
    else if (k === 'colour') e.style.backgroundColor = v;
    else e.setAttribute(k, v === true ? '' : v);
  }
  for (const kid of kids.flat()) if (kid !== null && kid !== undefined) e.append(kid);
  return e;
}
function s(tag, attrs) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const k in attrs) e.setAttribute(k, attrs[k]);
  return e;
}
const formats = {};
function num(v, decimals) {
  const f = formats[decimals] || (formats[decimals] = new Intl.NumberFormat('en-GB', {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
  return f.format(v).replace('-', '\u2212');
}
function show(c, v) {
  if (v === null || v === undefined) return '\u2013';
  if (c.kind === 'flag') return v ? 'Yes' : 'No';
  if (c.kind === 'text') return String(v);
  return c.percent ? num(v * 100, c.decimals) + '%' : num(v, c.decimals);
}
const people = n => num(n, 0);
const count = (n, one, many) => num(n, 0) + ' ' + (n === 1 ? one : many || one + 's');
function fpName(f) {
  if (f < 0) return 'no footprint';
  const p = levels[level].footprints[f];
  return p.name && p.name !== p.id ? p.name + ' (' + p.id + ')' : p.id;
}
// The meaning of a term, from the list at the end of the page.
const meanings = new Map([...document.querySelectorAll('.terms div')].map(d => [d.children[0].textContent.toLowerCase(), d.children[1].textContent]));
const meaning = word => meanings.get(word.toLowerCase()) || null;
const term = word => meaning(word) ? h('button', {type: 'button', class: 'term', 'data-means': meaning(word)}, word) : word;
// What a footprint is called where there is no room for both.
const own = p => p.name || p.id;
const label = (code, name) => name && name !== code ? name : code;

// Geometry: arcs in steps of a grid, base 64, five bits a character.
const digit = new Uint8Array(128);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('').forEach((c, i) => { digit[c.charCodeAt(0)] = i; });
const arcs = (D.arcs || []).map(t => {
  const out = [];
  let i = 0, x = 0, y = 0;
  const next = () => {
    let u = 0, shift = 0, c;
    do { c = digit[t.charCodeAt(i++)]; u |= (c & 31) << shift; shift += 5; } while (c & 32);
    return (u >>> 1) ^ -(u & 1);
  };
  while (i < t.length) {
    x += next(); y += next();
    out.push(L.latLng(y * D.scale[1] + D.origin[1], x * D.scale[0] + D.origin[0])); // shared by the areas on both sides
  }
  return out;
});
const side = arcs.map(() => [-1, -1]);
function ring(list) {
  const out = [];
  for (const k of list) {
    const a = arcs[k < 0 ? ~k : k];
    const from = out.length ? 1 : 0;
    if (k < 0) for (let i = a.length - 1 - from; i >= 0; i--) out.push(a[i]);
    else for (let i = from; i < a.length; i++) out.push(a[i]);
  }
  return out;
}

let map, canvas, areaLayers = [], areaGroup, provGroup, flowGroup, borders, outline, tags = [], tagGroup, pattern;
const drawn = nA > 0 && areas.at.some(p => p) || nP > 0 && prov.at.some(p => p);

function hatchPattern() {
  const c = document.createElement('canvas');
  c.width = c.height = 8;
  const g = c.getContext('2d');
  g.fillStyle = D.notRated; g.fillRect(0, 0, 8, 8);
  g.strokeStyle = '#777'; g.lineWidth = 1.4;
  g.beginPath(); g.moveTo(-2, 2); g.lineTo(2, -2); g.moveTo(0, 8); g.lineTo(8, 0); g.moveTo(6, 10); g.lineTo(10, 6); g.stroke();
  return g.createPattern(c, 'repeat');
}
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function classOf(c, v) {
  if (c.classes.some(k => k.value !== null)) return c.classes.find(k => k.hatch ? v === null : k.value === v);
  if (v === null || v === undefined) return c.classes.find(k => k.hatch);
  let first = true;
  for (const k of c.classes) {
    if (k.hatch || k.lower === null) continue;
    if (v <= k.upper && (v > k.lower || v === k.lower && (first || k.lower === k.upper))) return k;
    first = false;
  }
  return null;
}
const unitOf = ind => [ind.unit === '%' || !ind.unit ? '' : ind.unit, ind.period].filter(Boolean).join(', ');
const indicatorOf = (p, i) => { const v = p.indicators.find(v => v[0] === i); return v ? v[1] : null; };
// The column that colours the map, and an area's value in it.
function colouring() {
  const l = levels[level];
  if (colourBy === 'fp' || !l) return null;
  const i = +colourBy.slice(1);
  if (colourBy[0] === 'c' && l.columns[i] && l.columns[i].classes) return {column: l.columns[i], of: a => l.areas[a] < 0 ? null : l.footprints[l.areas[a]].values[i]};
  if (colourBy[0] === 'i' && level === D.start && D.indicators[i] && D.indicators[i].classes) {
    const ind = D.indicators[i];
    return {column: {title: ind.title, unit: unitOf(ind), kind: 'number', percent: ind.percent, decimals: ind.decimals, classes: ind.classes}, of: a => l.areas[a] < 0 ? null : indicatorOf(l.footprints[l.areas[a]], i)};
  }
  if (colourBy[0] === 'a' && l.areaColumns[i] && l.areaColumns[i].classes) return {column: l.areaColumns[i], of: a => l.areaValues[a][i]};
  return null;
}
function areaStyle(a, by) {
  const l = levels[level];
  let fill = D.notRated, hatch = true;
  if (by) {
    const k = classOf(by.column, by.of(a));
    if (k) { fill = k.colour; hatch = !!k.hatch; }
  } else if (l && l.areas[a] >= 0) {
    fill = D.palette[l.footprints[l.areas[a]].colour % D.palette.length]; hatch = false;
  }
  return {fillColor: hatch ? pattern : fill, color: hatch ? D.notRated : fill, fillOpacity: 1, weight: $('lay-areas').checked ? .7 : .6, opacity: 1};
}
function tip(kind, i) {
  const box = h('div');
  const l = levels[level];
  if (kind === 'area') {
    box.append(h('strong', null, label(areas.code[i], areas.name[i])));
    if (areas.people[i] !== null) box.append(h('br'), people(areas.people[i]) + ' people');
    if (l) {
      box.append(h('br'), 'Footprint: ' + fpName(l.areas[i]));
      const by = colouring();
      if (by) box.append(h('br'), by.column.title + ': ' + show(by.column, by.of(i)));
    }
  } else {
    box.append(h('strong', null, label(prov.code[i], prov.name[i])));
    if (prov.kind[i]) box.append(h('br'), prov.kind[i]);
    if (prov.patients[i] !== null) box.append(h('br'), people(prov.patients[i]) + ' patients treated');
    if (l) box.append(h('br'), 'Footprint: ' + fpName(l.providers[i]));
  }
  return box;
}

function drawMap() {
  pattern = hatchPattern();
  map = L.map('map', {preferCanvas: true, zoomSnap: .25, zoomDelta: .75, wheelPxPerZoomLevel: 90, attributionControl: true, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm});
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  L.control.scale({imperial: false}).addTo(map);
  canvas = L.canvas({padding: .3});
  areaGroup = L.featureGroup();
  for (let a = 0; a < nA; a++) {
    const shape = areas.shape[a];
    let lay = null;
    if (shape && shape.length) {
      for (const poly of shape) for (const r of poly) for (const k of r) {
        const at = side[k < 0 ? ~k : k];
        if (at[0] < 0) at[0] = a; else at[1] = a;
      }
      lay = L.polygon(shape.map(p => p.map(ring)), {renderer: canvas, smoothFactor: .6});
    } else if (areas.at[a]) {
      lay = L.circleMarker([areas.at[a][1], areas.at[a][0]], {renderer: canvas, radius: 5});
    }
    areaLayers.push(lay);
    if (lay) { lay.area = a; areaGroup.addLayer(lay); }
  }
  const all = L.latLngBounds([]);
  areaLayers.forEach(l => l && all.extend(l.getBounds ? l.getBounds() : l.getLatLng()));
  if (!all.isValid()) prov.at.forEach(p => p && all.extend([p[1], p[0]]));
  map.fitBounds(all, {padding: [12, 12], animate: false});
  map.setMaxBounds(all.pad(.6));
  map.home = all;
  areaGroup.bindTooltip(l => tip('area', l.area), {sticky: true});
  areaGroup.on('click', e => choose(levels[level] ? levels[level].areas[e.layer.area] : -1, 'map'));
  areaGroup.on('mouseover', e => over(levels[level] ? levels[level].areas[e.layer.area] : -1));
  areaGroup.on('mouseout', () => over(-1));
  areaGroup.addTo(map);
  borders = L.polyline([], {renderer: canvas, interactive: false, color: css('--border'), weight: 2, opacity: 1, smoothFactor: .6}).addTo(map);
  outline = L.polyline([], {renderer: canvas, interactive: false, color: css('--chosen'), weight: 3, opacity: 1, smoothFactor: .6}).addTo(map);
  flowGroup = L.featureGroup().addTo(map);
  provGroup = L.featureGroup();
  let top = 0;
  for (let p = 0; p < nP; p++) top = Math.max(top, prov.patients[p] || 0);
  const order = [...Array(nP).keys()].sort((a, b) => (prov.patients[b] || 0) - (prov.patients[a] || 0) || a - b);
  for (const p of order) {
    if (!prov.at[p]) continue;
    const r = top > 0 && prov.patients[p] ? Math.max(2.5, 9 * Math.sqrt(prov.patients[p] / top)) : 2.5;
    const c = L.circleMarker([prov.at[p][1], prov.at[p][0]], {renderer: canvas, radius: r, color: '#fff', weight: 1, fillColor: '#2b2b3d', fillOpacity: .85});
    c.prov = p;
    provGroup.addLayer(c);
  }
  provGroup.bindTooltip(l => tip('prov', l.prov));
  provGroup.on('click', e => choose(levels[level] ? levels[level].providers[e.layer.prov] : -1, 'map'));
  tagGroup = L.layerGroup().addTo(map);
  map.on('zoomend moveend', thinTags);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    borders.setStyle({color: css('--border')}); outline.setStyle({color: css('--chosen')});
  });
}

function lines(test) {
  const out = [];
  for (let k = 0; k < arcs.length; k++) if (test(side[k][0], side[k][1])) out.push(arcs[k]);
  return out;
}
function paint() {
  if (!map) return;
  const l = levels[level], by = colouring();
  const of = a => a < 0 || !l ? -1 : l.areas[a];
  areaLayers.forEach((lay, a) => { if (lay) lay.setStyle(areaStyle(a, by)); });
  const inner = $('lay-areas').checked;
  borders.setLatLngs($('lay-borders').checked || inner ? lines((a, b) => inner || b >= 0 && of(a) !== of(b)) : []);
  borders.setStyle({weight: inner ? 1 : 2});
  outline.setLatLngs(chosen < 0 ? [] : lines((a, b) => (of(a) === chosen) !== (of(b) === chosen)));
  borders.bringToFront(); outline.bringToFront();
  paintFlows();
  if ($('lay-providers').checked) { provGroup.addTo(map); provGroup.bringToFront(); } else provGroup.remove();
  paintTags();
}
function paintFlows() {
  flowGroup.clearLayers();
  if (!$('lay-flows').checked || !nF) return;
  const l = levels[level];
  let list = [...Array(nF).keys()].filter(i => areas.at[flows.area[i]] && prov.at[flows.provider[i]]);
  if (chosen >= 0) list = list.filter(i => l.areas[flows.area[i]] === chosen || l.providers[flows.provider[i]] === chosen);
  list.sort((a, b) => flows.patients[b] - flows.patients[a] || a - b);
  list = list.slice(0, 700);
  const top = list.length ? flows.patients[list[0]] : 1;
  for (const i of list.reverse()) {
    const a = areas.at[flows.area[i]], p = prov.at[flows.provider[i]];
    const fa = l ? l.areas[flows.area[i]] : -1, fp = l ? l.providers[flows.provider[i]] : -1;
    const c = fa === fp ? '#1c3d5a' : chosen >= 0 && fp === chosen ? '#0b7a4b' : '#b3361e';
    flowGroup.addLayer(L.polyline([[a[1], a[0]], [p[1], p[0]]], {renderer: canvas, interactive: false, color: c, weight: Math.max(.6, 7 * flows.patients[i] / top), opacity: .6}));
  }
}
// The member area of each footprint that lies nearest the middle of all: there
// stands its label.
function middles(l) {
  const x = [], y = [], w = [];
  for (let a = 0; a < nA; a++) {
    const f = l.areas[a], at = areas.at[a];
    if (f < 0 || !at) continue;
    x[f] = (x[f] || 0) + at[0] * areas.size[a]; y[f] = (y[f] || 0) + at[1] * areas.size[a]; w[f] = (w[f] || 0) + areas.size[a];
  }
  const best = [], far = [];
  for (let a = 0; a < nA; a++) { // the member area nearest the middle lies inside
    const f = l.areas[a], at = areas.at[a];
    if (f < 0 || !at || !w[f]) continue;
    const d = Math.hypot((at[0] - x[f] / w[f]) * .6, at[1] - y[f] / w[f]);
    if (best[f] === undefined || d < far[f]) { best[f] = a; far[f] = d; }
  }
  return best;
}
function paintTags() {
  tagGroup.clearLayers(); tags = [];
  const l = levels[level];
  if (!$('lay-names').checked || !l || l.footprints.length > 400) return;
  const best = middles(l);
  l.footprints.forEach((p, f) => {
    if (best[f] === undefined) return;
    const at = areas.at[best[f]], e = h('div', {class: 'tag'}, short(p));
    L.marker([at[1], at[0]], {interactive: false, keyboard: false, icon: L.divIcon({className: '', iconSize: [0, 0], html: e})}).addTo(tagGroup);
    tags.push({e, at: [at[1], at[0]], f, name: short(p), id: p.id});
  });
  thinTags();
}
// A name for the map: without what stands in brackets, in two lines.
const short = p => (own(p).replace(/\s*\([^)]*\)$/, '').trim() || p.id).replace(/ and (?=[^ ]+$|[^ ]+ [^ ]+$)/, '\nand ');
// Names where there is room, else ids, else nothing.
function thinTags() {
  const taken = [];
  const order = tags.slice().sort((a, b) => (b.f === chosen) - (a.f === chosen) || a.f - b.f);
  const place = (t, text) => {
    const r = boxOf(t, text);
    if (taken.some(o => r[0] < o[2] && o[0] < r[2] && r[1] < o[3] && o[1] < r[3])) return false;
    taken.push(r); t.e.textContent = text;
    return true;
  };
  const left = order.filter(t => { const ok = place(t, t.id); t.e.classList.toggle('off', !ok); return ok; });
  taken.length = 0;
  for (const t of left) taken.push(boxOf(t, t.id));
  for (const t of left) {
    const mine = taken.findIndex(r => r.t === t), kept = taken.splice(mine, 1)[0];
    if (t.name === t.id || !place(t, t.name)) taken.push(kept);
  }
}
function boxOf(t, text) {
  const lines = text.split('\n'), p = map.latLngToContainerPoint(t.at);
  const w = 4 + 3.3 * Math.max(...lines.map(l => l.length)), tall = 2 + 6.5 * lines.length, r = [p.x - w, p.y - tall, p.x + w, p.y + tall];
  r.t = t;
  return r;
}

function drawKey() {
  const key = $('key'); key.textContent = '';
  const by = colouring();
  if (!by) { if (levels.length) key.append(h('li', {class: 'pale'}, 'Each footprint has a colour that its neighbours do not have.')); return; }
  key.append(h('li', null, h('strong', null, by.column.title), by.column.unit ? h('span', {class: 'pale'}, by.column.unit) : null));
  for (const k of by.column.classes) key.append(h('li', null, h('span', {class: 'swatch' + (k.hatch ? ' hatch' : ''), colour: k.colour}), k.label));
}
function fillColours() {
  const sel = $('colour'), l = levels[level];
  if (!sel || !l) return;
  const was = sel.selectedOptions[0] ? sel.selectedOptions[0].textContent : '';
  sel.textContent = '';
  sel.append(h('option', {value: 'fp'}, 'Footprint'));
  const group = (title, columns, mark) => {
    const g = h('optgroup', {label: title});
    columns.forEach((c, i) => { if (c.classes) g.append(h('option', {value: mark + i}, c.title)); });
    if (g.children.length) sel.append(g);
  };
  group('Of each footprint', l.columns, 'c');
  group('Of each area', l.areaColumns, 'a');
  if (level === D.start) group('Indicators', (D.indicators || []).map(v => v.classes && v.classes.length ? v : {}), 'i');
  const same = [...sel.options].find(o => o.textContent === was);
  if (same) sel.value = same.value;
  colourBy = sel.value;
}

const inHundred = x => x > 0 && x < .005 ? 'fewer than 1 in 100' : x < 1 && x >= .995 ? 'more than 99 in 100' : num(x * 100, 0) + ' in 100';

function intervalBar(v) {
  const [, value, lower, upper, target] = v;
  const vals = [value, lower, upper, target].filter(x => x !== null);
  let lo = Math.min(...vals), hi = Math.max(...vals);
  const pad = (hi - lo || 1) * .12; lo -= pad; hi += pad;
  const x = t => (100 * (t - lo) / (hi - lo)).toFixed(1) + '%';
  const bar = s('svg', {class: 'bar', 'aria-hidden': 'true'});
  bar.append(s('line', {class: 'rail', x1: '0%', x2: '100%', y1: 7, y2: 7}));
  if (lower !== null && upper !== null) bar.append(s('line', {class: 'int', x1: x(lower), x2: x(upper), y1: 7, y2: 7}));
  bar.append(s('circle', {class: 'dot', cx: x(value), cy: 7, r: 3.5}));
  if (target !== null) bar.append(s('line', {class: 'goal', x1: x(target), x2: x(target), y1: 0, y2: 14}));
  return bar;
}
function indicatorRow(v) {
  const ind = D.indicators[v[0]], c = {kind: 'number', percent: ind.percent, decimals: ind.decimals};
  const [, value, lower, upper, target, gap, meets, band, standing, goal] = v;
  const name = h('th', {scope: 'row', class: 't'}, ind.title, ind.period ? h('span', {class: 'pale'}, ' ' + ind.period) : null);
  if (value === null) return h('tr', null, name, h('td', {class: 't pale'}, 'Not known'));
  const said = [h('strong', null, show(c, value))];
  if (lower !== null && upper !== null) said.push(' (95% interval ' + show(c, lower) + ' to ' + show(c, upper) + ')');
  const verdict = h('div');
  if (target !== null) {
    const size = gap === null ? '' : (ind.percent ? num(Math.abs(gap) * 100, ind.decimals) + ' points ' : num(Math.abs(gap), ind.decimals) + ' ');
    const early = standing === 'ahead' || standing === 'behind', better = size && gap < 0 ? ', ' + size + 'better' : '', worse = size ? ', ' + size + 'worse' : '';
    const words = early ? standing + ': due by then ' + show(c, target) + ', in the end ' + show(c, goal) + (meets > 0 ? better : worse) :
      meets > 0 ? 'meets the target of ' + show(c, target) + better : meets < 0 ? 'misses the target of ' + show(c, target) + worse : 'target ' + show(c, target);
    verdict.append(h('span', {class: meets > 0 ? 'meet' : meets < 0 ? 'miss' : ''}, (meets > 0 ? '\u2713 ' : meets < 0 ? '\u2717 ' : '') + words));
  }
  if (standing === 'not due') verdict.append('the target of ' + show(c, goal) + ' was not due yet');
  if (band) verdict.append((verdict.textContent ? '; ' : '') + (Math.abs(band) === 2 ? 'far ' : '') + (band > 0 ? 'worse' : 'better') + ' than the others, beyond chance');
  return h('tr', null, name, h('td', {class: 't'}, said, verdict, intervalBar(v)));
}
// Which footprints touch each other, at each level.
const touching = new Map();
function neighbours(n) {
  if (touching.has(n)) return touching.get(n);
  const l = levels[n], out = l.footprints.map(() => new Set());
  for (const [a, b] of side) {
    if (a < 0 || b < 0) continue;
    const f = l.areas[a], g = l.areas[b];
    if (f >= 0 && g >= 0 && f !== g) { out[f].add(g); out[g].add(f); }
  }
  touching.set(n, out);
  return out;
}
const compared = ['Rating', 'People', 'Localisation index', 'Market share index'];
function drawNeighbours(box, l) {
  const near = [...neighbours(level)[chosen] || []].sort((a, b) => a - b);
  const columns = l.columns.map((c, i) => [c, i]).filter(c => compared.includes(c[0].title));
  if (!near.length || !columns.length) return;
  box.append(h('h3', null, 'Beside its neighbours'), h('div', {class: 'scroll low', tabindex: 0, role: 'region', 'aria-label': 'Beside its neighbours'}, h('table', {class: 'near'}, h('caption', null, 'Footprints that it borders on'),
    h('thead', null, h('tr', null, h('th', {scope: 'col', class: 't'}, 'Name'), columns.map(c => h('th', {scope: 'col'}, c[0].title)))),
    h('tbody', null, [chosen, ...near].map(f => h('tr', {class: f === chosen ? 'chosen' : null, 'data-id': l.footprints[f].id},
      h('th', {scope: 'row', class: 't'}, f === chosen ? fpName(f) : h('button', {type: 'button', on: {click: () => choose(f, 'table')}}, fpName(f))),
      columns.map(c => h('td', null, show(c[0], l.footprints[f].values[c[1]])))))))));
}
// Where the members lie on the other maps, by people or, where those are not
// known, by areas.
function drawOthers(box, l, mem) {
  levels.forEach((o, n) => {
    if (n === level || !mem.length) return;
    const known = mem.every(a => areas.people[a] !== null), parts = new Map();
    let all = 0;
    for (const a of mem) { const w = known ? areas.people[a] : 1; all += w; parts.set(o.areas[a], (parts.get(o.areas[a]) || 0) + w); }
    if (!(all > 0)) return;
    const rows = [...parts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 6).map(([g, w]) => [g < 0 ? 'in none' : own(o.footprints[g]) + (own(o.footprints[g]) !== o.footprints[g].id ? ' (' + o.footprints[g].id + ')' : ''), num(100 * w / all, 0) + '% of its ' + (known ? 'people' : 'areas')]);
    box.append(h('h3', null, 'On the map \u201c' + o.name + '\u201d'), h('ul', {class: 'plain others'}, rows.map(r => h('li', null, h('span', null, r[0]), h('span', null, r[1])))));
  });
}
// A small chart for each indicator over time.
function drawTrends(box, p) {
  const some = (p.trends || []).filter(t => t.length > 6);
  if (!some.length) return;
  box.append(h('h3', null, 'Over time'), h('div', {class: 'trends'}, some.map(t => {
    const ind = D.indicators[t[0]], c = {kind: 'number', percent: ind.percent, decimals: ind.decimals}, points = [];
    for (let i = 1; i < t.length; i += 5) points.push({period: t[i], v: t[i + 1], lo: t[i + 2], hi: t[i + 3], goal: t[i + 4]});
    const known = points.filter(q => q.v !== null);
    if (known.length < 2) return null;
    const all = known.flatMap(q => [q.v, q.lo, q.hi, q.goal]).filter(v => v !== null);
    const low = Math.min(...all), high = Math.max(...all), W = 150, H = 54;
    const x = i => 6 + (W - 12) * i / Math.max(1, points.length - 1), y = v => high > low ? 6 + (H - 12) * (high - v) / (high - low) : H / 2;
    const first = known[0], last = known[known.length - 1];
    const svg = s('svg', {class: 'spark', viewBox: '0 0 ' + W + ' ' + H, 'aria-hidden': 'true'});
    const goals = points.map((q, i) => q.goal === null ? null : [x(i), y(q.goal)]).filter(Boolean);
    if (goals.length) svg.append(s('polyline', {class: 'goal', points: goals.map(q => q.map(v => v.toFixed(1)).join(',')).join(' ')}));
    points.forEach((q, i) => { if (q.lo !== null && q.hi !== null) svg.append(s('line', {class: 'range', x1: x(i), x2: x(i), y1: y(q.lo).toFixed(1), y2: y(q.hi).toFixed(1)})); });
    svg.append(s('polyline', {class: 'join', points: points.map((q, i) => q.v === null ? '' : x(i).toFixed(1) + ',' + y(q.v).toFixed(1)).join(' ').trim()}));
    points.forEach((q, i) => { if (q.v !== null) svg.append(s('circle', {class: 'dot', cx: x(i), cy: y(q.v).toFixed(1), r: 3})); });
    const say = show(c, first.v) + ' in ' + first.period + ', ' + show(c, last.v) + ' in ' + last.period;
    return h('figure', null, h('figcaption', null, ind.title), svg, h('p', null, say));
  }).filter(Boolean)));
  box.append(h('p', {class: 'pale'}, 'The dashed line is the target. Upright lines are 95% intervals.'));
}
function list(title, rows, open) {
  if (!rows.length) return null;
  return h('details', {open: open}, h('summary', null, title), h('ul', {class: 'plain'}, rows.map(r => h('li', null, h('span', null, r[0]), h('span', null, r[1])))));
}
function drawDetail() {
  const box = $('detail');
  if (!box) return;
  box.textContent = '';
  const l = levels[level];
  if (!l) return;
  box.classList.toggle('none', chosen < 0);
  if (chosen < 0) {
    box.append(h('h2', null, l.name || 'Footprints'),
      h('p', {class: 'pale'}, 'Choose a footprint on the map or in the table, or search for an area or a provider. You then see who lives there, where they are treated, and how it fares.'));
    return;
  }
  const p = l.footprints[chosen];
  const mem = [], prs = [];
  let pop = 0, known = true;
  for (let a = 0; a < nA; a++) if (l.areas[a] === chosen) { mem.push(a); if (areas.people[a] === null) known = false; else pop += areas.people[a]; }
  for (let i = 0; i < nP; i++) if (l.providers[i] === chosen) prs.push(i);
  const step = d => choose((chosen + d + l.footprints.length) % l.footprints.length, 'step');
  box.append(h('div', {class: 'steps'},
    h('button', {type: 'button', 'aria-label': 'Previous footprint', on: {click: () => step(-1)}}, '\u2190'),
    h('button', {type: 'button', 'aria-label': 'Next footprint', on: {click: () => step(1)}}, '\u2192'),
    h('button', {type: 'button', 'aria-label': 'Close footprint', on: {click: () => choose(-1, 'close')}}, '\u00d7')));
  box.append(h('h2', null, fpName(chosen)));
  if (mem.length || prs.length) box.append(h('p', null, (known && pop > 0 ? 'Home to ' + people(pop) + ' people in ' : 'Made of ') + count(mem.length, 'area') + ', with ' + count(prs.length, 'provider') + '.'));
  for (const w of p.words.slice(0, 4)) if (w) box.append(h('p', null, w));
  const e = p.exchange;
  if (e) {
    const words = [];
    if (e.inside !== null) words.push('Of the patients who live here, ' + inHundred(e.inside) + ' are treated here' + (e.out.length ? '; most of the others go to ' + fpName(e.out[0][0]) : '') + '.');
    if (e.fromInside !== null) words.push('Of the patients treated here, ' + inHundred(e.fromInside) + ' live here' + (e.in.length ? '; most of the others come from ' + fpName(e.in[0][0]) : '') + '.');
    if (words.length) box.append(h('h3', null, 'Patients in and out'), h('p', null, words.join(' ')));
    const rows = of => of.map(r => [fpName(r[0]), (r[1] > 0 ? people(r[1]) : 'small counts only') + ' (' + num(100 * r[2], 1) + '%)']);
    const kids = [list('Go elsewhere to ' + count(e.outs, 'footprint'), rows(e.out)), list('Come from ' + count(e.ins, 'footprint'), rows(e.in))];
    kids.forEach(k => k && box.append(k));
  }
  if (p.indicators.length) {
    const domains = [...new Set(p.indicators.map(v => D.indicators[v[0]].domain))];
    box.append(h('h3', null, 'Indicators'));
    for (const d of domains) box.append(h('table', {class: 'ind'}, h('caption', null, d || 'Indicators'),
      h('tbody', null, p.indicators.filter(v => D.indicators[v[0]].domain === d).map(indicatorRow))));
  }
  drawTrends(box, p);
  drawNeighbours(box, l);
  drawOthers(box, l, mem);
  if (p.words.length > 4) box.append(h('details', null, h('summary', null, 'More in words'), p.words.slice(4).filter(Boolean).map(w => h('p', null, w))));
  const facts = l.columns.map((c, i) => [c, p.values[i]]).filter(r => r[0].kind !== 'text' && r[1] !== null);
  if (facts.length) {
    box.append(h('h3', null, 'Figures'));
    box.append(h('ul', {class: 'plain'}, facts.map(r => h('li', null, h('span', null, term(r[0].title)), h('span', null, show(r[0], r[1]))))));
  }
  const big = (v, i) => v[i] === null || v[i] === undefined ? -1 : v[i];
  mem.sort((a, b) => big(areas.people, b) - big(areas.people, a) || a - b);
  prs.sort((a, b) => big(prov.patients, b) - big(prov.patients, a) || a - b);
  const m1 = list(count(mem.length, 'area'), mem.map(a => [label(areas.code[a], areas.name[a]), areas.people[a] === null ? '' : people(areas.people[a])]), mem.length <= 12);
  const m2 = list(count(prs.length, 'provider'), prs.map(i => [label(prov.code[i], prov.name[i]), prov.patients[i] === null ? '' : people(prov.patients[i]) + ' patients']), prs.length <= 12);
  if (m1 || m2) box.append(h('h3', null, 'Members'));
  [m1, m2].forEach(m => m && box.append(m));
}

// League table.
let sortAt = null, sortDown = false, rows = [];
function drawTable() {
  const table = $('league');
  if (!table) return;
  const l = levels[level];
  table.textContent = ''; rows = [];
  const by = colouring();
  const heads = [{title: 'Name', kind: 'text', get: own}, {title: 'Footprint', kind: 'text', get: p => p.id}];
  l.columns.forEach((c, i) => heads.push({...c, get: p => p.values[i], col: c}));
  if (sortAt === null) { sortAt = heads.findIndex(c => c.worse); if (sortAt < 0) sortAt = 0; sortDown = sortAt > 0 && heads[sortAt].worse > 0; }
  if (sortAt >= heads.length) { sortAt = 0; sortDown = false; }
  const tr = h('tr');
  heads.forEach((c, i) => tr.append(h('th', {scope: 'col', class: c.kind === 'text' ? 't' : '', 'aria-sort': i === sortAt ? (sortDown ? 'descending' : 'ascending') : null},
    h('button', {type: 'button', 'data-means': c.help || meaning(c.title), on: {click: () => { if (sortAt === i) sortDown = !sortDown; else { sortAt = i; sortDown = c.kind !== 'text'; } drawTable(); table.querySelectorAll('thead button')[i].focus(); }}}, c.title))));
  const cap = 'Sorted by ' + heads[sortAt].title + ', ' + (sortDown ? 'falling' : 'rising') + (heads[sortAt].worse ? (heads[sortAt].worse > 0) === sortDown ? ': the worst first' : ': the best first' : '') + '.';
  table.append(h('caption', null, cap), h('thead', null, tr));
  const c = heads[sortAt], idx = l.footprints.map((_, i) => i);
  // Rows that are equal follow the rank: the worst first, unless the best come first.
  const rank = l.columns.findIndex(c => c.order), bestFirst = c.worse && (c.worse > 0) !== sortDown;
  const tied = (a, b) => {
    const x = rank < 0 ? null : l.footprints[a].values[rank], y = rank < 0 ? null : l.footprints[b].values[rank];
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    return (bestFirst ? y - x : x - y) || a - b;
  };
  const cmp = new Intl.Collator('en-GB', {numeric: true}).compare;
  idx.sort((a, b) => {
    const x = c.get(l.footprints[a]), y = c.get(l.footprints[b]);
    if (x === null || y === null) return (x === null) - (y === null) || tied(a, b); // unknown last, either way
    const d = typeof x === 'string' ? cmp(x, y) : x - y;
    return (sortDown ? -d : d) || tied(a, b);
  });
  const body = h('tbody', {class: 'rank'});
  for (const f of idx) {
    const p = l.footprints[f];
    const row = h('tr', {'data-id': p.id, class: f === chosen ? 'chosen' : null, 'aria-current': f === chosen ? 'true' : null, on: {mouseenter: () => over(f), mouseleave: () => over(-1)}},
      h('th', {scope: 'row', class: 't'}, h('button', {type: 'button', on: {click: () => choose(f, 'table')}}, own(p))));
    heads.slice(1).forEach(c => {
      const td = h('td', {class: c.kind === 'text' ? 't' : null});
      if (by && by.column === c.col) { const k = classOf(c.col, c.get(p)); if (k) td.append(h('span', {class: 'swatch' + (k.hatch ? ' hatch' : ''), colour: k.colour})); }
      td.append(c.kind === 'text' ? c.get(p) || '' : show(c, c.get(p)));
      row.append(td);
    });
    rows[f] = row; body.append(row);
  }
  table.append(body);
}
let hovered = -1, found = null;
function over(f) {
  if (hovered === f) return;
  if (rows[hovered]) rows[hovered].classList.remove('over');
  hovered = f;
  if (rows[f]) rows[f].classList.add('over');
  if (outline && chosen < 0) {
    const l = levels[level];
    outline.setLatLngs(f < 0 || !l ? [] : lines((a, b) => ((a < 0 ? -1 : l.areas[a]) === f) !== ((b < 0 ? -1 : l.areas[b]) === f)));
  }
}

function choose(f, from) {
  if (found) { found.remove(); found = null; }
  chosen = f;
  rows.forEach((r, i) => { r.classList.toggle('chosen', i === f); if (i === f) r.setAttribute('aria-current', 'true'); else r.removeAttribute('aria-current'); });
  drawDetail();
  paint();
  if (map && (from === 'table' || from === 'step' || from === 'close' || from === 'link')) zoomTo(f);
  const l = levels[level];
  if (from !== 'link') setLink();
  if (f >= 0 && l) say(fpName(f) + ' chosen.');
  if (from === 'step') { const b = $('detail').querySelectorAll('.steps button'); if (b.length) b[1].focus(); }
  if (from === 'close') { const m = $('find') || $('map'); if (m) m.focus({preventScroll: true}); }
  if (from === 'table' && innerWidth <= 960) $('detail').scrollIntoView({behavior: calm ? 'auto' : 'smooth'});
}
function zoomTo(f) {
  const b = L.latLngBounds([]), l = levels[level];
  areaLayers.forEach((lay, a) => { if (lay && l.areas[a] === f) b.extend(lay.getBounds ? lay.getBounds() : lay.getLatLng()); });
  map.fitBounds(b.isValid() ? b.pad(.25) : map.home, {maxZoom: 10, animate: !calm});
}
function say(text) { const e = $('say'); if (e) e.textContent = text; }

function setLevel(i) {
  const l = levels[i];
  if (chosen >= 0 && i !== level) { // stay with the footprint that holds most of the chosen one's areas
    const votes = new Map();
    levels[level].areas.forEach((f, a) => { if (f === chosen && l.areas[a] >= 0) votes.set(l.areas[a], (votes.get(l.areas[a]) || 0) + 1); });
    chosen = -1;
    let most = 0;
    for (const [f, n] of votes) if (n > most || n === most && f < chosen) { most = n; chosen = f; }
  }
  level = i;
  if (found) { found.remove(); found = null; }
  if ($('level')) {
    $('level').value = i;
    $('level').setAttribute('aria-valuetext', l.name);
    $('levelname').textContent = l.name;
  }
  $('levelnote').textContent = l.note;
  fillColours(); drawKey(); drawTable(); drawDetail(); paint();
  drawRanks(); drawHeat();
}

// Links into the page: #F14, #area=E38000001&level=2.
let linked = false;
function setLink(place) {
  if (!linked) return;
  const l = levels[level], parts = [];
  if (place) parts.push(place);
  else if (chosen >= 0 && l) parts.push(encodeURIComponent(l.footprints[chosen].id));
  if (level !== D.start) parts.push('level=' + (level + 1));
  const to = parts.length ? '#' + parts.join('&') : ' ';
  if (to === ' ' && !location.hash) return;
  try { history.replaceState(null, '', to === ' ' ? location.pathname + location.search : to); } catch { /* a page without an address has no links */ }
}
function follow() {
  const text = location.hash.slice(1);
  if (!text) return;
  let id = null, area = null, provider = null, to = D.start;
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    let value;
    try { value = decodeURIComponent(at < 0 ? part : part.slice(at + 1)); } catch { return; }
    if (at < 0) id = value;
    else if (part.slice(0, at) === 'area') area = value;
    else if (part.slice(0, at) === 'provider') provider = value;
    else if (part.slice(0, at) === 'level' && levels[+value - 1]) to = +value - 1;
  }
  if (to !== level) { chosen = -1; setLevel(to); }
  const l = levels[level];
  if (area !== null && areas.code.includes(area)) showPlace('Area', areas.code.indexOf(area), 'link');
  else if (provider !== null && (prov.code || []).includes(provider)) showPlace('Provider', prov.code.indexOf(provider), 'link');
  else if (id !== null) { const f = l.footprints.findIndex(p => p.id === id); if (f >= 0) choose(f, 'link'); }
}
// An area or a provider: its footprint is chosen, and the map goes there.
function showPlace(kind, i, from) {
  const l = levels[level], isArea = kind === 'Area';
  choose(isArea ? l.areas[i] : l.providers[i], from === 'link' ? 'place' : from);
  setLink((isArea ? 'area=' : 'provider=') + encodeURIComponent(isArea ? areas.code[i] : prov.code[i]));
  if (!map) return;
  const p = isArea ? areas.at[i] : prov.at[i], lay = isArea ? areaLayers[i] : null;
  if (lay && lay.getBounds) map.fitBounds(lay.getBounds().pad(1), {maxZoom: 10, animate: !calm});
  else if (p) map.setView([p[1], p[0]], Math.max(map.getZoom(), 9), {animate: !calm});
  if (p) found = L.tooltip({direction: 'top'}).setLatLng([p[1], p[0]]).setContent(tip(isArea ? 'area' : 'prov', i)).addTo(map);
}

// Ranks with their intervals, the worst first.
function drawRanks() {
  const box = $('ranks');
  if (!box) return;
  box.textContent = '';
  const l = levels[level], at = t => l.columns.findIndex(c => c.title === t), r = at('Rank'), lo = at('Rank from'), hi = at('Rank to');
  box.parentElement.hidden = r < 0;
  if (r < 0) return;
  const n = l.footprints.length, x = v => (n > 1 ? 100 * (v - 1) / (n - 1) : 50) + '%';
  const order = l.footprints.map((p, i) => i).filter(i => l.footprints[i].values[r] !== null).sort((a, b) => l.footprints[a].values[r] - l.footprints[b].values[r] || a - b);
  for (const i of order) {
    const v = l.footprints[i].values, bar = s('svg', {class: 'bar', 'aria-hidden': 'true'});
    bar.append(s('line', {class: 'rail', x1: '0%', x2: '100%', y1: 7, y2: 7}));
    if (lo >= 0 && hi >= 0 && v[lo] !== null && v[hi] !== null) bar.append(s('line', {class: 'int', x1: x(v[lo]), x2: x(v[hi]), y1: 7, y2: 7}));
    bar.append(s('circle', {class: 'dot', cx: x(v[r]), cy: 7, r: 4}));
    const words = num(v[r], 0) + (lo >= 0 && v[lo] !== null && v[hi] !== null ? ' (' + num(v[lo], 0) + ' to ' + num(v[hi], 0) + ')' : '');
    box.append(h('div', {'data-id': l.footprints[i].id}, h('span', null, fpName(i)), bar, h('span', {class: 'said'}, words)));
  }
}
// Every indicator of every footprint, coloured by how far it is from the others.
function drawHeat() {
  const t = $('heat');
  if (!t) return;
  const l = levels[level], inds = D.indicators.map((v, i) => i).filter(i => l.footprints.some(p => p.indicators.some(v => v[0] === i)));
  t.textContent = '';
  t.closest('section').hidden = !inds.length;
  if (!inds.length) return;
  t.append(h('caption', {class: 'leaflet-sr'}, 'Indicators of each footprint'), h('thead', null, h('tr', null, h('th', {scope: 'col', class: 't'}, 'Name'), inds.map(i => h('th', {scope: 'col'}, h('span', null, D.indicators[i].title + (D.indicators[i].unit ? ' (' + D.indicators[i].unit + ')' : '')))))));
  const said = {'-2': 'far better', '-1': 'better', 1: 'worse', 2: 'far worse'};
  t.append(h('tbody', null, l.footprints.map((p, f) => h('tr', {'data-id': p.id}, h('th', {scope: 'row', class: 't'}, fpName(f)), inds.map(i => {
    const v = p.indicators.find(v => v[0] === i), ind = D.indicators[i];
    if (!v || v[1] === null) return h('td', {class: 'pale'}, '\u2013');
    return h('td', {class: v[7] ? 'b' + (v[7] > 0 ? 'w' : 'g') + Math.abs(v[7]) : null}, show({kind: 'number', percent: ind.percent, decimals: ind.decimals}, v[1]), v[7] ? h('span', {class: 'leaflet-sr'}, ', ' + said[v[7]]) : null);
  })))));
}

// Tables as CSV, with numbers in full. A text that a spreadsheet would run as a
// formula gets an apostrophe before it.
const safe = t => /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]./.test(t) && !/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(t) ? "'" + t : t;
const csvCell = v => { if (v === null || v === undefined) return ''; if (typeof v !== 'string') return String(v); const t = safe(v); return /[",\n\r]/.test(t) ? '"' + t.replace(/"/g, '""') + '"' : t; };
function offer(id, name, rows) {
  const b = $(id);
  if (!b) return;
  b.addEventListener('click', () => {
    const text = rows().map(r => r.map(csvCell).join(',')).join('\n') + '\n';
    const a = h('a', {href: URL.createObjectURL(new Blob([text], {type: 'text/csv'})), download: name});
    document.body.append(a); a.click(); a.remove();
    setTimeout(() => URL.revokeObjectURL(a.href), 1000);
    say(name + ' saved.');
  });
}
const idOf = (l, f) => f === undefined || f < 0 ? null : l.footprints[f].id;
function offers() {
  offer('get-footprints', 'footprints.csv', () => { const l = levels[level]; return [['Footprint', 'Name', ...l.columns.map(c => c.title)], ...l.footprints.map(p => [p.id, p.name, ...p.values])]; });
  offer('get-areas', 'areas.csv', () => { const l = levels[level]; return [['Area', 'Name', 'Footprint', 'People', ...l.areaColumns.map(c => c.title)], ...areas.code.map((c, a) => [c, areas.name[a], idOf(l, l.areas[a]), areas.people[a], ...(l.areaValues[a] || [])])]; });
  offer('get-providers', 'providers.csv', () => { const l = levels[level]; return [['Provider', 'Name', 'Footprint', 'Patients treated'], ...(prov.code || []).map((c, i) => [c, prov.name[i], idOf(l, l.providers[i]), prov.patients[i]])]; });
  offer('get-indicators', 'indicators.csv', () => [['Footprint', 'Name', 'Indicator', 'Unit', 'Period', 'Value', 'Lower', 'Upper', 'Target'], ...levels[level].footprints.flatMap(p => p.indicators.map(v => { const i = D.indicators[v[0]]; return [p.id, p.name, i.title, i.unit || null, i.period, ...v.slice(1, 5)]; }))]);
  offer('get-trends', 'trends.csv', () => [['Footprint', 'Name', 'Indicator', 'Unit', 'Period', 'Value', 'Lower', 'Upper', 'Target'], ...levels[level].footprints.flatMap(p => (p.trends || []).flatMap(t => { const out = [], i = D.indicators[t[0]]; for (let k = 1; k < t.length; k += 5) out.push([p.id, p.name, i.title, i.unit || null, ...t.slice(k, k + 5)]); return out; }))]);
  if (!nP && $('get-providers')) $('get-providers').hidden = true;
  if ($('get-trends') && !levels.some(l => l.footprints.some(p => p.trends))) $('get-trends').hidden = true;
}

// What a word means, beside it, on pointing at it or reaching it by keyboard.
function tips() {
  const box = $('tip');
  let on = null;
  const hide = () => { if (on) on.removeAttribute('aria-describedby'); on = null; box.hidden = true; };
  const reveal = e => {
    const t = e.target.closest ? e.target.closest('[data-means]') : null;
    if (!t || t === on) return;
    hide();
    on = t; box.textContent = t.getAttribute('data-means'); box.hidden = false;
    t.setAttribute('aria-describedby', 'tip');
    const r = t.getBoundingClientRect(), b = box.getBoundingClientRect();
    box.style.left = Math.max(4, Math.min(r.left, innerWidth - b.width - 8)) + scrollX + 'px';
    box.style.top = (r.bottom + b.height + 8 > innerHeight ? r.top - b.height - 6 : r.bottom + 6) + scrollY + 'px';
  };
  addEventListener('mouseover', e => { if (!e.target.closest || !e.target.closest('[data-means]')) { if (on && on !== document.activeElement) hide(); } else reveal(e); });
  addEventListener('focusin', e => { if (!e.target.closest('[data-means]')) hide(); else reveal(e); });
  addEventListener('click', reveal);
  addEventListener('keydown', e => { if (e.key === 'Escape' && on) { hide(); e.stopPropagation(); } }, true);
}

// The map for paper: every area, in lines instead of dots, fitted to the page.
function drawPrint() {
  const box = $('printmap');
  if (!box || !map) return;
  box.textContent = '';
  const l = levels[level], by = colouring(), all = map.home, k = Math.cos((all.getSouth() + all.getNorth()) / 2 * Math.PI / 180);
  const wide = (all.getEast() - all.getWest()) * k, tall = all.getNorth() - all.getSouth(), u = 1000 / Math.max(wide, tall, 1e-9);
  const x = lon => ((lon - all.getWest()) * k * u).toFixed(1), y = lat => ((all.getNorth() - lat) * u).toFixed(1);
  const svg = s('svg', {viewBox: '0 0 ' + Math.ceil(wide * u) + ' ' + Math.ceil(tall * u)});
  const fills = new Map();
  for (let a = 0; a < nA; a++) {
    const look = areaStyle(a, by), fill = typeof look.fillColor === 'string' ? look.fillColor : D.notRated;
    const d = areas.shape[a] && areas.shape[a].length ? areas.shape[a].map(poly => poly.map(r => 'M' + ring(r).map(p => x(p.lng) + ' ' + y(p.lat)).join('L') + 'z').join('')).join('') :
      areas.at[a] ? 'M' + x(areas.at[a][0]) + ' ' + y(areas.at[a][1]) + 'm-3-3h6v6h-6z' : '';
    fills.set(fill, (fills.get(fill) || '') + d);
  }
  for (const [fill, d] of fills) svg.append(s('path', {d, fill, stroke: fill, 'stroke-width': .6, 'fill-rule': 'evenodd'}));
  const of = a => a < 0 ? -1 : l.areas[a];
  svg.append(s('path', {fill: 'none', stroke: '#fff', 'stroke-width': 1.6, d: lines((a, b) => b >= 0 && of(a) !== of(b)).map(p => 'M' + p.map(q => x(q.lng) + ' ' + y(q.lat)).join('L')).join('')}));
  middles(l).forEach((a, f) => { const e = s('text', {x: x(areas.at[a][0]), y: y(areas.at[a][1]), 'text-anchor': 'middle', 'dominant-baseline': 'central'}); e.textContent = l.footprints[f].id; svg.append(e); });
  const key = $('key').cloneNode(true);
  key.removeAttribute('id');
  box.append(svg, key);
}

// Search by area, provider or footprint.
const fold = t => t.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
function search() {
  const input = $('find'), box = $('hits');
  if (!input) return;
  let hits = [], at = -1, index = null, indexed = -1;
  const build = () => {
    index = []; indexed = level;
    const add = (kind, i, code, name) => index.push({kind, i, code, name, key: fold(code + ' ' + name)});
    levels[level].footprints.forEach((p, i) => add('Footprint', i, p.id, p.name));
    for (let a = 0; a < nA; a++) add('Area', a, areas.code[a], areas.name[a]);
    for (let p = 0; p < nP; p++) add('Provider', p, prov.code[p], prov.name[p]);
  };
  const close = () => { box.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); at = -1; };
  const mark = k => {
    at = k;
    [...box.children].forEach((li, i) => li.setAttribute('aria-selected', i === k));
    if (k >= 0) { input.setAttribute('aria-activedescendant', box.children[k].id); box.children[k].scrollIntoView({block: 'nearest'}); } else input.removeAttribute('aria-activedescendant');
  };
  const take = k => {
    const e = hits[k];
    close();
    if (!e) return;
    input.value = label(e.code, e.name);
    if (e.kind !== 'Footprint') { showPlace(e.kind, e.i, 'search'); return; }
    choose(e.i, 'search');
    if (map) zoomTo(e.i);
  };
  input.addEventListener('input', () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    if (!words.length) { close(); return; }
    if (!index || indexed !== level) build();
    hits = [];
    for (const e of index) { if (words.every(w => e.key.includes(w))) hits.push(e); if (hits.length === 40) break; }
    const first = words[0];
    hits.sort((a, b) => (b.key.startsWith(first)) - (a.key.startsWith(first)));
    hits = hits.slice(0, 12);
    box.textContent = '';
    hits.forEach((e, i) => {
      const li = h('li', {role: 'option', id: 'hit' + i, 'aria-selected': 'false', on: {mousedown: ev => { ev.preventDefault(); take(i); }}}, label(e.code, e.name) + ' ', h('small', null, e.kind + (e.name && e.name !== e.code ? ' ' + e.code : '')));
      box.append(li);
    });
    if (!hits.length) box.append(h('li', {role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false', class: 'none'}, 'Nothing found. Try part of a name, or a code.'));
    box.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    say(hits.length ? count(hits.length, 'result') : 'Nothing found');
    mark(-1);
  });
  input.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown' && hits.length && !box.hidden) { e.preventDefault(); mark((at + 1) % hits.length); }
    else if (e.key === 'ArrowUp' && hits.length && !box.hidden) { e.preventDefault(); mark((at + hits.length - 1) % hits.length); }
    else if (e.key === 'Enter') { e.preventDefault(); if (!box.hidden) take(Math.max(at, 0)); }
    else if (e.key === 'Escape') close();
  });
  input.addEventListener('blur', close);
}

if (drawn && levels.length) {
  drawMap();
  for (const id of ['lay-borders', 'lay-areas', 'lay-names', 'lay-providers', 'lay-flows']) $(id).addEventListener('change', paint);
} else if ($('map')) { $('map').hidden = true; }
if (levels.length) {
  search();
  if ($('level')) $('level').addEventListener('input', e => setLevel(+e.target.value));
  if ($('colour')) $('colour').addEventListener('change', e => { colourBy = e.target.value; drawKey(); drawTable(); paint(); });
  addEventListener('keydown', e => { if (e.key === 'Escape' && chosen >= 0 && e.target.id !== 'find') choose(-1, 'close'); });
  setLevel(level);
  offers(); tips();
  follow();
  linked = true;
  addEventListener('hashchange', follow);
}
// On paper, headings without buttons are repeated on each page.
addEventListener('beforeprint', () => { drawPrint(); document.querySelectorAll('#league thead button').forEach(b => b.replaceWith(b.textContent)); });
addEventListener('afterprint', drawTable);
// What is still to be painted is painted now, so that READY means drawn, and is
// true when the page has loaded.
if (map && canvas._redrawRequest) { L.Util.cancelAnimFrame(canvas._redrawRequest); canvas._redraw(); }
window.READY = true;
})();
