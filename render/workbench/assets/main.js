// Opening the page, and its interface for drivers.
let drawing;

async function open() {
  const opened = openEngine();
  drawing = await unpack($('drawingData').textContent, 'application/json').json();
  fills = drawing.fills;
  $('title').textContent = drawing.title;
  $('notice').textContent = drawing.notice;
  $('privacy').textContent = drawing.privacy;
  $('sources').textContent = drawing.sources ? drawing.sources.join('; ') : '';
  readMap(drawing.map, drawing.points);
  const info = await opened;
  Object.assign(at, {
    places: info.places, areas: info.areas, ids: info.ids, label: info.label, state: info.state, began: info.began, reference: info.reference,
    demands: info.demands, flowSHA: info.flow_sha256.slice(0, 16), startMark: info.label.reduce((h, f) => (h * 31 + f + 1) | 0, info.ids.length), sameIDs: true, scored: info.scored,
    first: new Map(info.state.footprints.map(f => [f.id, f])), emptied: new Set(),
  });
  $('ratingMeaning').hidden = !info.scored;
  $('mendPieces').disabled = !info.ground;
  $('mendPeople').disabled = !info.ground || !info.bounds;
  for (const id of ['engineData', 'caseData', 'drawingData', 'workerText']) $(id).remove();
  listen();
  setColours();
  if (!ground.ready && !ground.points.some(Boolean)) { $('stage').hidden = true; openTab('places'); }
  resize();
  showFigures([], true);
  await restore();
  resize();
  showAll();
  opening = false;
  window.READY = true;
  document.documentElement.dataset.ready = 'yes';
  warm().catch(() => {});
}

// warm lets the engine search for nothing, while nobody waits for it: what has run
// is compiled. A large country is left alone. The first search takes longest.
async function warm() {
  for (let i = 0, took = 0; i < 7 && took < (i > 1 ? 500 : 1500) && !at.log && !calls.size; i++) {
    const began = performance.now();
    await ask('warm', {from: i});
    took = performance.now() - began;
    await new Promise(done => setTimeout(done, 30));
  }
}

// restore goes on from the page's session, or from what this browser kept.
async function restore() {
  const kept = store.get(keptAs());
  if (kept) {
    try { take(await ask('continue', {text: kept})); say('Your work in this browser goes on. “Save” has “Start again”.'); return; } catch { /* of another version */ }
  }
  if (drawing.session) await goOn(drawing.session).catch(() => {});
}

function listen() {
  listeners.push((nodes, whole) => { at.sameIDs = !at.state.renumbered; draw(whole ? null : nodes); });
  listeners.push(showFigures, refreshPanel, describeAgain);
  const map = $('map');
  map.addEventListener('pointerdown', down);
  map.addEventListener('pointermove', drag);
  map.addEventListener('pointerup', up);
  map.addEventListener('pointercancel', up);
  map.addEventListener('keydown', keyOnMap);
  map.addEventListener('wheel', event => { event.preventDefault(); zoomAt(Math.exp(-event.deltaY * 0.0015), ...place2(event)); }, {passive: false});
  map.addEventListener('focus', () => { if (cursor < 0 && ground.ready && map.matches(':focus-visible')) goTo(nextArea(1, 0)); });
  new ResizeObserver(resize).observe(map);
  const on = (id, run) => $(id).addEventListener('click', run);
  on('zoomIn', () => zoomAt(1.5)); on('zoomOut', () => zoomAt(1 / 1.5)); on('zoomAll', showAll);
  on('undo', () => step('undo')); on('redo', () => step('redo'));
  on('suggest', findMoves); on('mendPieces', () => mend('pieces')); on('mendPeople', () => mend('people'));
  for (const id of ['patterns', 'names', 'points']) $(id).addEventListener('change', () => draw());
  $('target').addEventListener('change', () => choose($('target').value));
  $('into').addEventListener('change', () => choose($('into').value));
  $('size').addEventListener('input', () => { const n = +$('size').value; $('sizeText').textContent = n ? n + ' pixels' : 'one area'; });
  for (const input of document.querySelectorAll('input[name=tool]')) input.addEventListener('change', () => { map.className = tool(); });
  for (const tab of document.querySelectorAll('[role=tab]')) { tab.addEventListener('click', () => openTab(tab.id.slice(4))); tab.addEventListener('keydown', tabKeys); }
  document.addEventListener('keydown', keys);
  $('keep').addEventListener('submit', async event => {
    event.preventDefault();
    const name = $('optionName').value.trim();
    if (!name) return;
    await quietly(act('do', {op: 'option', name}));
    $('optionName').value = '';
    say('Kept as ' + name + '.');
    showKept();
  });
  placeButtons(); saveButtons(); dialogs();
}

function step(op) {
  if (op === 'undo' ? at.state.can_undo : at.state.can_redo) return quietly(act('do', {op}));
  say(op === 'undo' ? 'This is the map that you began with.' : 'There is nothing to do again.');
}

function keys(event) {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches('input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea')) return;
  const key = event.key.toLowerCase();
  if (key === 'z' || key === 'y') { event.preventDefault(); step(key === 'y' || event.shiftKey ? 'redo' : 'undo'); }
}

function dialogs() {
  $('openSave').addEventListener('click', () => $('save').showModal());
  $('openHelp').addEventListener('click', () => $('help').showModal());
  $('openRecluster').addEventListener('click', () => {
    $('number').value = at.state.footprints.length;
    $('reclusterWhat').textContent = at.locked.size ? `${counted(at.locked.size, 'place')} of ${plain.format(at.places.length)} are locked and stay in their footprints.` : 'Nothing is locked: the whole map is made again.';
    $('recluster').showModal();
  });
  $('number').addEventListener('focus', () => { document.querySelector('input[name=how][value=number]').checked = true; });
  $('gamma').addEventListener('focus', () => { document.querySelector('input[name=how][value=gamma]').checked = true; });
  $('recluster').addEventListener('close', async () => {
    if ($('recluster').returnValue !== 'go') return;
    $('recluster').returnValue = '';
    const byNumber = document.querySelector('input[name=how]:checked').value === 'number';
    say('Clustering…');
    try {
      await act('do', {op: 'recluster', footprints: byNumber ? +$('number').value : 0, resolution: byNumber ? 0 : +$('gamma').value, seed: +$('seed').value});
      say(`Done: ${counted(at.state.footprints.length, 'footprint')}, ${percent(at.state.inside_share)} of patients treated inside.`);
    } catch { /* said */ }
  });
}

window.stpmap = {
  state: () => ask('state'),
  scores: () => ask('scores'),
  move: (code, footprint, kind) => act('move', {code, footprint: footprint || '', kind: kind || ''}),
  lock: (code, on = true, kind) => act('lock', {code, on, kind: kind || ''}),
  recluster: ({footprints, resolution, seed} = {}) => act('do', {op: 'recluster', footprints: footprints || 0, resolution: resolution || 0, seed: seed ?? 1}),
  mend: what => act('do', {op: 'mend', what}),
  suggest: () => ask('suggest'),
  why: (code, footprint) => ask('why', {code, footprint: footprint || ''}),
  undo: () => act('do', {op: 'undo'}),
  redo: () => act('do', {op: 'redo'}),
  option: name => act('do', {op: 'option', name}),
  restore: name => act('do', {op: 'restore', name}),
  session: () => ask('session'),
  partition: () => ask('partition'),
  load: text => goOn(text),
};

open().catch(error => { say(sentence(error.message), true); window.FAILED = String(error); });
