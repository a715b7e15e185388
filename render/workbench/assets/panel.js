// Figures: the headline, the three sides, what is broken, and the footprints.
const headlineRows = [
  ['Treated inside', s => percent(s.inside_share), s => s.inside_share],
  ['Weakest footprint', s => percent(s.min_localisation_index), s => s.min_localisation_index],
  ['Footprints', s => plain.format(s.footprints.length ?? s.footprints), null],
  ['Demands not met', s => plain.format(s.breaches.length ?? s.breaches), null],
];

function showHeadline() {
  const box = $('headline'), s = at.state;
  if (!box.children.length) for (const [name] of headlineRows) box.append(make('div', null, make('dt', null, name), make('dd')));
  headlineRows.forEach(([, text, value], i) => {
    const dd = box.children[i].lastChild, change = value && value(s) !== null && at.began ? value(s) - value(at.began) : 0;
    dd.replaceChildren(text(s), Math.abs(change) >= 0.0005 ? make('small', null, (change > 0 ? '+' : '−') + (100 * Math.abs(change)).toFixed(1)) : '');
  });
}

const sideRows = [
  ['Treated inside their footprint', s => percent(s.inside_share, 2)],
  ['Weakest footprint keeps', s => percent(s.min_localisation_index, 2)],
  ['Modularity', s => number(s.modularity)],
  ['Footprints', s => plain.format(s.footprints.length ?? s.footprints)],
  ['In one piece', s => s.contiguous === null ? '–' : plain.format(s.contiguous)],
  ['Fewest people', s => people(s.min_population)],
  ['Most people', s => people(s.max_population)],
  ['Demands not met', s => plain.format(s.breaches.length ?? s.breaches)],
];

function showSides() {
  const sides = [at.began, at.state].concat(at.reference ? [at.reference] : []);
  const heads = ['', 'Before', 'Now'].concat(at.reference ? ['Reference'] : []);
  const table = $('sides');
  if (!table.tBodies.length) {
    table.append(make('thead', null, make('tr', null, ...heads.map((h, i) => i ? make('th', {scope: 'col'}, h) : make('td')))), make('tbody'));
    for (const [name] of sideRows) table.tBodies[0].append(make('tr', null, make('th', {scope: 'row'}, name), ...sides.map(() => make('td'))));
  }
  sideRows.forEach(([, text], i) => sides.forEach((s, k) => {
    const cell = table.tBodies[0].rows[i].cells[k + 1], t = text(s);
    if (cell.textContent !== t) cell.textContent = t;
  }));
}

// What a demand that is not met says, in words.
function breachWords(b) {
  const who = b.name ? named(b.name, b.footprint) : b.footprint;
  const value = b.value, limit = b.limit;
  switch (b.demand) {
    case 'min-population': return `${who} has ${people(value)} people, under the least of ${people(limit)}.`;
    case 'max-population': return `${who} has ${people(value)} people, over the most of ${people(limit)}.`;
    case 'min-localisation': return `${who} keeps ${percent(value)} of its patients, under the least of ${percent(limit)}.`;
    case 'max-share': return `${who} has ${percent(value)} of all patients, over the most of ${percent(limit)}.`;
    case 'contiguous': return `${who} is in more than one piece.`;
    case 'footprints': return `There are ${people(value)} footprints; ${people(limit)} were asked for.`;
    case 'min-providers': return `${who} has ${counted(value, 'provider')}; at least ${people(limit)} were asked for.`;
    default: return 'This map would ' + b.words + '.';
  }
}

function showBreaches() {
  const list = at.state.breaches, box = $('breaches');
  if (!list.length) { box.replaceChildren(make('p', null, at.demands.length ? 'Everything that was asked is met: ' + at.demands.join(', ') + '.' : 'Every footprint has areas and providers.')); return; }
  box.replaceChildren(make('ul', null, ...list.slice(0, 12).map(b => make('li', null, breachWords(b))), list.length > 12 ? make('li', null, `And ${list.length - 12} more.`) : null));
}

// Ratings come after the other figures: a stroke does not wait for them.
let scoresOf = new Map(), firstScores = new Map();
const byID = scores => new Map(scores.footprints.map(f => [f.id, f]));

const askScores = later(60, async () => {
  if (!at.scored) return;
  const s = await ask('scores').catch(() => null);
  if (!s) return;
  at.scores = s;
  scoresOf = byID(s.now);
  firstScores = byID(s.began);
  showRated();
  showList();
});

function showRated() {
  const s = at.scores, box = $('rated');
  if (!s) return;
  const sides = [['Before', s.began], ['Now', s.now]].concat(s.reference ? [['Reference', s.reference]] : []);
  const line = (name, text) => make('tr', null, make('th', {scope: 'row'}, name), ...sides.map(([, x]) => make('td', null, text(x))));
  const words = ['best', '', '', 'worst'];
  box.replaceChildren(make('table', {class: 'rated'}, make('caption', null, 'Footprints by rating' + (s.now.period ? ', ' + s.now.period : '')),
    make('thead', null, make('tr', null, make('td'), ...sides.map(([name]) => make('th', {scope: 'col'}, name)))),
    make('tbody', null, ...[0, 1, 2, 3].map(k => line('Rated ' + (k + 1) + (words[k] ? ', the ' + words[k] : ''), x => x.note ? '–' : plain.format(x.rated[k]))),
      line('Not rated', x => x.note ? '–' : plain.format(x.not_rated)))),
  s.now.note ? make('p', {class: 'meaning'}, 'No ratings: ' + s.now.note + '.') : '');
}

// The rating of a footprint: a number, what changed, and why.
function fillRating(cell, id) {
  const s = scoresOf.get(id), was = at.sameIDs && firstScores.get(id);
  const text = s && s.rating ? plain.format(s.rating) : '–';
  const change = s && s.rating && was && was.rating ? s.rating - was.rating : 0;
  const why = !s || !s.rating ? 'not rated: too few figures' : `score ${number(s.score, 2)}, rank ${s.rank} from the worst; ` + (s.failing.length ? 'failing: ' + s.failing.join(', ') : 'no domain fails');
  if (cell.dataset.shown === text + change + why) return;
  cell.dataset.shown = text + change + why;
  cell.title = why;
  cell.replaceChildren(text, change ? make('span', {class: change < 0 ? 'up' : 'down'}, (change < 0 ? ' ▲' : ' ▼') + Math.abs(change)) : '', make('span', {class: 'quiet'}, ' ' + why));
}

// The list of footprints: rows stay, and only what changed is written.
const listHeads = [['Footprint', ''], ['People', 'people'], ['Prov\u00adiders', 'providers'], ['Stay', 'localisation index'], ['From here', 'market share index'], ['Piece', '']];
const heads = () => at.scored ? listHeads.concat([['Rating', '1 is the best, 4 the worst']]) : listHeads;
const rows = new Map();

function showList() {
  const table = $('list');
  if (!table.tHead) table.append(make('thead', null, make('tr', null, ...heads().map(([h, t]) => make('th', {scope: 'col', title: t || null}, h)))), make('tbody'));
  const body = table.tBodies[0], seen = new Set();
  for (const f of listed()) {
    seen.add(f.id);
    let row = rows.get(f.id);
    if (!row) {
      row = make('tr', null, make('th', {scope: 'row'}, make('button', {type: 'button', onclick: () => choose(f.id)}, make('span', {class: 'swatch'}), make('span'))), ...heads().slice(1).map(() => make('td')));
      row.cells[5].className = 'piece';
      rows.set(f.id, row);
      body.append(row);
    }
    fillRow(row, f);
  }
  for (const [id, row] of rows) if (!seen.has(id)) { row.remove(); rows.delete(id); }
  for (const f of listed()) if (body.rows[[...seen].indexOf(f.id)] !== rows.get(f.id)) body.append(rows.get(f.id));
}

// listed are the footprints with members, and those that stand empty.
const listed = () => at.ids.map(id => footprintOf(id) || {id, name: 'empty', population: null, providers: 0, localisation_index: null, market_share_index: null, contiguous: null, areas: 0})
  .filter(f => f.areas + f.providers > 0 || !at.emptied || at.emptied.has(f.id));

function fillRow(row, f) {
  const write = (cell, text) => { if (cell.textContent !== text) cell.textContent = text; };
  const button = row.cells[0].firstChild;
  button.firstChild.style.background = fillOf(at.ids.indexOf(f.id));
  write(button.lastChild, f.name ? named(f.name, f.id) : f.id);
  write(row.cells[1], people(f.population)); write(row.cells[2], plain.format(f.providers));
  const was = at.first && at.first.get(f.id), change = was && at.sameIDs && was.localisation_index !== null && f.localisation_index !== null ? f.localisation_index - was.localisation_index : 0;
  const mark = Math.abs(change) >= 0.0005 ? (change > 0 ? ' ▲' : ' ▼') + (100 * Math.abs(change)).toFixed(1) : '';
  if (row.dataset.stay !== percent(f.localisation_index) + mark) {
    row.dataset.stay = percent(f.localisation_index) + mark;
    row.cells[3].replaceChildren(percent(f.localisation_index), mark ? make('span', {class: change > 0 ? 'up' : 'down'}, mark) : '');
  }
  write(row.cells[4], percent(f.market_share_index));
  write(row.cells[5], f.contiguous === null ? '–' : f.contiguous ? 'one' : 'several');
  if (at.scored) fillRating(row.cells[6], f.id);
  row.className = (f.contiguous === false ? 'bad ' : '') + (f.id === $('target').value ? 'chosen' : '');
  button.setAttribute('aria-pressed', f.id === $('target').value);
}

// choose takes a footprint to paint into.
function choose(id) {
  if (!id) return;
  $('target').value = id; $('into').value = id;
  showList();
  say('Painting into ' + titleOf(id) + '.');
}

function showTargets() {
  for (const box of [$('target'), $('into')]) {
    const kept = box.value;
    box.replaceChildren(...at.ids.map(id => make('option', {value: id}, titleOf(id))));
    if (at.ids.includes(kept)) box.value = kept;
  }
}

// A place among the maps is told only where they have converged. Equal maps count
// a half, as in the table of the ensemble.
function ribbonWords(r, x) {
  const q = r.quantiles, tiny = 1e-9 * Math.abs(x), maps = (r.exact ? 'all ' : '') + plain.format(r.maps) + ' maps';
  const other = r.footprints && r.footprints !== at.state.footprints.length ? ` Those have ${counted(r.footprints, 'footprint')}.` : '';
  if (q[0] === q[q.length - 1]) return `the same in ${maps} that the rules allow.` + other;
  if (!r.converged) return `no place is told among ${maps}: ${r.verdict}.` + other;
  const below = q.filter(y => y < x - tiny).length, same = q.filter(y => Math.abs(y - x) <= tiny).length;
  const share = 100 * (below + same / 2) / q.length;
  const words = below === q.length ? 'above each of' : below + same === 0 ? 'below each of' : `above ${share > 99 || share < 1 ? share.toFixed(1) : Math.round(share)}% of`;
  return `${words} ${maps} that the rules allow.` + other;
}

// Ribbons: where the map lies among the maps of an ensemble.
function showRibbons() {
  const box = $('ribbons');
  if (!drawing.ribbons || !drawing.ribbons.length) return;
  box.replaceChildren(...drawing.ribbons.map(r => {
    const x = at.state[r.statistic], q = r.quantiles, low = q[0], high = q[q.length - 1];
    if (x === null || x === undefined) return '';
    const all = [Math.min(low, x), Math.max(high, x)], on = y => 4 + 292 * (y - all[0]) / (all[1] - all[0] || 1);
    const at100 = k => q[Math.round(k * (q.length - 1))];
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 300 34'); svg.setAttribute('preserveAspectRatio', 'none'); svg.setAttribute('aria-hidden', 'true');
    const part = (x0, x1, y, h, fill) => { const e = document.createElementNS(svg.namespaceURI, 'rect'); e.setAttribute('x', Math.min(x0, x1)); e.setAttribute('width', Math.max(1.5, Math.abs(x1 - x0))); e.setAttribute('y', y); e.setAttribute('height', h); e.setAttribute('fill', fill); svg.append(e); };
    part(on(low), on(high), 14, 6, '#c8d3da'); part(on(at100(0.05)), on(at100(0.95)), 11, 12, '#7fa3bd'); part(on(at100(0.25)), on(at100(0.75)), 8, 18, '#3f7399'); part(on(x) - 1.5, on(x) + 1.5, 2, 30, '#942514');
    return make('div', {class: 'ribbon'}, `${r.title}: ${ribbonWords(r, x)}`, svg);
  }));
}

function showFigures(nodes, whole) {
  if (whole || $('target').options.length !== at.ids.length) { showTargets(); }
  showHeadline(); showSides(); showBreaches(); showList(); showRibbons(); askScores();
  $('undo').disabled = !at.state.can_undo; $('redo').disabled = !at.state.can_redo;
}
