// Lists: places, suggestions, changes and options. Everything without a mouse.
const chosen = () => [...$('found').selectedOptions].map(o => +o.value);

function showFound() {
  const words = $('find').value.trim().toLowerCase().split(/\s+/).filter(Boolean), kept = new Set(chosen());
  const hit = [];
  for (let v = 0; v < at.places.length; v++) {
    const id = at.ids[at.label[v]] || '', text = (at.places[v].join(' ') + ' ' + id).toLowerCase();
    if (words.every(w => text.includes(w))) hit.push(v);
  }
  $('found').replaceChildren(...hit.slice(0, 400).map(v => {
    const o = make('option', {value: v}, `${nameOf(v)} – ${at.ids[at.label[v]] || 'no footprint'}${at.places[v][0] === 'provider' ? ', provider' : ''}${at.locked.has(v) ? ', locked' : ''}`);
    o.selected = kept.has(v);
    return o;
  }));
  $('foundCount').textContent = hit.length > 400 ? `${plain.format(hit.length)} places; the first 400 are shown.` : counted(hit.length, 'place') + '.';
}

const some = () => { const nodes = chosen(); if (!nodes.length) say('Choose a place in the list first.', true); return nodes; };

function placeButtons() {
  const on = (id, run) => $(id).addEventListener('click', run);
  $('find').addEventListener('input', showFound);
  on('moveFound', async () => {
    const nodes = some();
    if (!nodes.length) return;
    await quietly(act('do', {op: 'move', ...codesOf(nodes), footprint: $('into').value}));
    say(`${counted(nodes.length, 'place')} moved to ${titleOf($('into').value)}.`);
  });
  for (const op of ['lock', 'unlock']) on(op + 'Found', async () => {
    const nodes = some();
    if (nodes.length) { await quietly(act('do', {op, ...codesOf(nodes)})); say(`${counted(nodes.length, 'place')} ${op}ed.`); }
  });
  on('whyFound', () => { const v = some()[0]; if (v !== undefined) answerWhy(v, ''); });
  on('whyNotFound', () => { const v = some()[0]; if (v !== undefined) answerWhy(v, $('into').value); });
  on('lockFootprint', async () => { await quietly(act('do', {op: 'lock', footprint: $('into').value})); say(titleOf($('into').value) + ' is locked.'); });
  on('lockOthers', async () => {
    const f = at.ids.indexOf($('into').value);
    await quietly(act('do', {op: 'lock', ...codesOf(at.places.map((_, v) => v).filter(v => at.label[v] !== f))}));
    say('All but ' + titleOf($('into').value) + ' is locked.');
  });
  on('unlockAll', async () => { await quietly(act('do', {op: 'unlock', ...codesOf([...at.locked])})); say('Nothing is locked.'); });
  on('addFootprint', async () => {
    await quietly(act('do', {op: 'add'}));
    const id = at.ids[at.ids.length - 1];
    at.emptied = at.emptied || new Set(); at.emptied.add(id);
    choose(id);
  });
}

// answerWhy shows why a place lies where it lies, or what moving it would break.
async function answerWhy(v, footprint) {
  const [kind, code] = at.places[v];
  try {
    const a = await ask('why', {kind, code, footprint});
    openTab('places');
    $('answer').replaceChildren(...a.sentences.map(s => make('p', null, withNames(s))));
  } catch (error) { say(sentence(error.message), true); }
}

// withNames puts the names of footprints before their ids.
const withNames = text => text.replace(/\bF\d{2,}\b/g, id => at.ids.includes(id) ? titleOf(id) : id);

function suggestionWords(s) {
  const who = s.places.map(p => p.name || p.code).join(' with ');
  return `${who}: from ${titleOf(s.from)} to ${titleOf(s.to)}. About ${people(Math.round(s.gain))} more patients stay inside (${percent(s.share, 2)} of all).`;
}

async function findMoves() {
  $('suggest').disabled = true;
  const list = await ask('suggest').catch(error => { say(sentence(error.message), true); return []; });
  $('suggest').disabled = false;
  if (!list.length) { $('moves').replaceChildren(make('li', null, 'No single move keeps more patients inside without breaking something.')); return; }
  $('moves').replaceChildren(...list.map(s => make('li', null, suggestionWords(s), make('button', {type: 'button', onclick: async event => {
    const step = {areas: [], providers: []};
    for (const p of s.places) (p.kind === 'area' ? step.areas : step.providers).push(p.code);
    await quietly(act('do', {op: 'move', ...step, footprint: s.to}));
    event.target.closest('li').remove();
    say('Moved.');
  }}, 'Do it'))));
  say(counted(list.length, 'move') + ' found.');
}

async function mend(what) {
  const before = at.label.slice();
  try {
    await act('do', {op: 'mend', what});
    const moved = at.label.filter((f, v) => f !== before[v]).length;
    say(moved ? counted(moved, 'place') + ' moved.' : 'Nothing could be mended without breaking something else.');
  } catch { /* said */ }
}

// Changes in words.
async function showMoved() {
  const list = await ask('moved');
  $('movedCount').textContent = list.length ? `${counted(list.length, 'place')} lie elsewhere than at the start.` : 'Every place lies where it lay at the start.';
  $('moved').replaceChildren(...list.slice(0, 300).map(m => make('li', null, `${nameOf(m.node)}: from ${startTitle(m.from)} to ${titleOf(m.to)}.`)));
  if (list.length > 300) $('moved').append(make('li', null, `And ${plain.format(list.length - 300)} more.`));
}
const startTitle = id => { const f = at.first && at.first.get(id); return f && f.name ? named(f.name, id) : id || 'no footprint'; };

// Options side by side.
async function showKept() {
  const list = await ask('options'), now = {name: 'Now', ...at.state}, all = [now, ...list];
  const table = $('kept');
  if (!list.length) { table.replaceChildren(make('caption', null, 'Nothing is kept yet.')); return; }
  table.replaceChildren(make('caption', {class: 'quiet'}, 'Maps that were kept, side by side'),
    make('thead', null, make('tr', null, make('td'), ...all.map(o => make('th', {scope: 'col'}, o.name)))),
    make('tbody', null, ...sideRows.map(([name, text]) => make('tr', null, make('th', {scope: 'row'}, name), ...all.map(o => make('td', null, text(o))))),
      make('tr', null, make('td'), make('td'), ...list.map(o => make('td', null, make('button', {type: 'button', 'aria-label': 'Take ' + o.name, onclick: async () => {
        await quietly(act('do', {op: 'restore', name: o.name}));
        say('The map is that of ' + o.name + '.');
      }}, 'Take'))))));
}

// Tabs.
function openTab(name) {
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const on = tab.id === 'tab-' + name;
    tab.setAttribute('aria-selected', on);
    tab.tabIndex = on ? 0 : -1;
    $(tab.id.slice(4)).hidden = !on;
  }
  if (name === 'places') showFound();
  if (name === 'changes') showMoved();
  if (name === 'options') showKept();
}

function tabKeys(event) {
  const tabs = [...document.querySelectorAll('[role=tab]')], i = tabs.indexOf(event.target);
  const to = {ArrowRight: (i + 1) % tabs.length, ArrowLeft: (i + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1}[event.key];
  if (to === undefined) return;
  event.preventDefault();
  openTab(tabs[to].id.slice(4));
  tabs[to].focus();
}

const openPanel = () => document.querySelector('[role=tab][aria-selected=true]').id.slice(4);
const refreshPanel = later(120, () => { const name = openPanel(); if (['places', 'changes', 'options'].includes(name)) openTab(name); });
