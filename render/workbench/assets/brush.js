// The map's tools: paint, lock, ask and move, by mouse, touch, pen and keys.
const tool = () => document.querySelector('input[name=tool]:checked').value;
let stroke = 0, strokes = 0;
const painted = []; // what the engine has yet to hear, a stroke and its footprint at a time

// paint puts places into the chosen footprint: at once on the map, and in the
// engine as soon as it is free. One stroke is one step to undo.
function paint(nodes) {
  const to = at.ids.indexOf($('target').value);
  const fresh = nodes.filter(v => at.label[v] !== to && !at.locked.has(v));
  if (to < 0 || !fresh.length) return;
  let last = painted.at(-1);
  if (!last || last.stroke !== stroke || last.to !== to) painted.push(last = {stroke, to, footprint: at.ids[to], nodes: new Set()});
  for (const v of fresh) { last.nodes.add(v); at.label[v] = to; }
  draw(fresh);
  painting = painting.then(send);
}

async function send() {
  if (!painted.length) return;
  const {nodes, footprint, stroke} = painted.shift();
  try {
    take(await ask('do', {op: 'move', ...codesOf([...nodes]), footprint, stroke}));
  } catch (error) {
    say(sentence(error.message), true);
    await look();
  }
}

// look asks where everything lies, after a refusal.
async function look() {
  const info = await ask('info');
  at.ids = info.ids; at.label = info.label;
  draw();
}

function lockToggle(nodes) {
  const op = nodes.every(v => at.locked.has(v)) ? 'unlock' : 'lock';
  quietly(act('do', {op, ...codesOf(nodes)}));
}

const place2 = event => { const b = $('map').getBoundingClientRect(); return [event.clientX - b.left, event.clientY - b.top]; };

// pointed are the places under the pointer: a provider, or areas.
function pointed(px, py) {
  const j = providerAt(px, py);
  return j >= 0 ? [j] : underBrush(px, py, +$('size').value);
}

const fingers = new Map();
let dragging = null, lockStroke = null;

function down(event) {
  const p = place2(event);
  fingers.set(event.pointerId, p);
  $('map').setPointerCapture(event.pointerId);
  if (fingers.size === 2) { dragging = 'pinch'; held = null; return; }
  if (event.button === 1 || tool() === 'pan') { dragging = 'pan'; return; }
  // A finger may be the first of two that zoom: it begins when it moves or lifts.
  if (event.pointerType === 'touch') { held = {event, p}; return; }
  begin(...p);
}

let held = null;
function begin(...p) {
  const nodes = pointed(...p);
  if (tool() === 'paint') { dragging = 'paint'; stroke = ++strokes; paint(nodes); }
  if (tool() === 'lock' && nodes.length) { dragging = 'lock'; lockStroke = {on: !nodes.every(v => at.locked.has(v)), seen: new Set()}; lockMore(nodes); }
  if (tool() === 'ask' && nodes.length) answerWhy(nodes[0], '');
}

function lockMore(nodes) {
  const fresh = nodes.filter(v => !lockStroke.seen.has(v) && at.locked.has(v) !== lockStroke.on);
  for (const v of nodes) lockStroke.seen.add(v);
  if (fresh.length) quietly(act('do', {op: lockStroke.on ? 'lock' : 'unlock', ...codesOf(fresh)}));
}

function drag(event) {
  const p = place2(event), last = fingers.get(event.pointerId);
  if (held && fingers.size === 1 && Math.hypot(p[0] - held.p[0], p[1] - held.p[1]) > 5) { begin(...held.p); held = null; }
  if (held) return;
  if (!last) { if (event.pointerType !== 'touch') hover(p); return; }
  if (dragging === 'pinch' && fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const was = Math.hypot(last[0] - other[0], last[1] - other[1]), is = Math.hypot(p[0] - other[0], p[1] - other[1]);
    const middle = [(p[0] + other[0]) / 2, (p[1] + other[1]) / 2];
    view.x += (p[0] - last[0]) / 2; view.y += (p[1] - last[1]) / 2;
    if (was > 0) zoomAt(is / was, ...middle);
  } else if (dragging === 'pan') {
    view.x += p[0] - last[0]; view.y += p[1] - last[1];
    draw();
  } else if (dragging === 'paint' || dragging === 'lock') {
    const steps = Math.max(1, Math.ceil(Math.hypot(p[0] - last[0], p[1] - last[1]) / 6)), nodes = new Set();
    for (let i = 1; i <= steps; i++) for (const v of underBrush(last[0] + (p[0] - last[0]) * i / steps, last[1] + (p[1] - last[1]) * i / steps, +$('size').value)) nodes.add(v);
    if (dragging === 'paint') paint([...nodes]); else lockMore([...nodes]);
  }
  fingers.set(event.pointerId, p);
}

function up(event) {
  if (held && event.type === 'pointerup') begin(...held.p);
  held = null;
  fingers.delete(event.pointerId);
  if (dragging === 'paint') draw();
  if (!fingers.size) { dragging = null; stroke = 0; }
}

// hover says what is under the pointer, and where its patients go.
let hovered = -1;
function hover(p) {
  const v = pointed(...p)[0];
  if (v === undefined || v === hovered) return;
  hovered = v;
  describe(v);
}

const describeAgain = later(100, () => { if (hovered >= 0) quietly(describe(hovered)); });

async function describe(v) {
  const [kind, code] = at.places[v];
  const parts = await ask('flow', {kind, code});
  if (hovered !== v && cursor !== v) return;
  const lies = at.label[v] >= 0 ? titleOf(at.ids[at.label[v]]) : 'no footprint';
  const goes = parts.slice(0, 3).map(x => percent(x.share, 0) + ' ' + titleOf(x.footprint)).join(', ');
  $('under').replaceChildren(make('strong', null, nameOf(v)), ' in ' + lies + (at.locked.has(v) ? ', locked' : '') + '. ' + (goes ? (kind === 'area' ? 'Its patients go to: ' : 'Its patients come from: ') + goes + '.' : ''));
}

// Keys on the map: a cursor that goes from area to area.
function keyOnMap(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  const key = event.key;
  if (steps[key]) goTo(nextArea(...steps[key]));
  else if (key === '+' || key === '=') zoomAt(1.5);
  else if (key === '-') zoomAt(1 / 1.5);
  else if (cursor < 0) return;
  else if (key === 'Enter' || key === ' ') { stroke = ++strokes; paint([cursor]); stroke = 0; announce(); }
  else if (key === 'l' || key === 'L') lockToggle([cursor]);
  else if (key === 'f' || key === 'F') choose(at.ids[at.label[cursor]]);
  else if (key === '?') answerWhy(cursor, '');
  else return;
  event.preventDefault();
}

const announce = () => say(nameOf(cursor) + ' is now in ' + titleOf(at.ids[at.label[cursor]]) + '.');

// nextArea is the area whose middle is nearest in a direction.
function nextArea(dx, dy) {
  if (!ground.ready) return -1;
  if (cursor < 0 || !ground.labels[cursor]) return ground.labels.findIndex(Boolean);
  const [x, y] = ground.labels[cursor];
  let best = cursor, least = Infinity;
  ground.labels.forEach((p, v) => {
    if (!p || v === cursor) return;
    const ahead = (p[0] - x) * dx + (p[1] - y) * dy, aside = Math.abs((p[0] - x) * dy) + Math.abs((p[1] - y) * dx);
    if (ahead > aside * 0.9 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = v; }
  });
  return best;
}

function goTo(v) {
  if (v < 0) return;
  cursor = v;
  const [x, y] = toScreen(ground.labels[v]);
  if (x < 20 || y < 20 || x > view.width - 20 || y > view.height - 20) { view.x += view.width / 2 - x; view.y += view.height / 2 - y; draw(); }
  else draw([]);
  say(nameOf(v) + ', ' + titleOf(at.ids[at.label[v]]) + (at.locked.has(v) ? ', locked' : ''));
  describe(v);
}
