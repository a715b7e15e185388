// The drawing: arcs once, filled by footprint, borders where two sides differ.
const view = {k: 1, x: 0, y: 0, width: 0, height: 0, ratio: 1, least: 1};
const ground = {ready: false, arcs: [], sides: null, areas: [], others: [], labels: [], points: [], box: null, grid: null};
let fills = [], colour = [], cursor = -1;

// readMap turns the packed topology into lines on a plane.
function readMap(map, points) {
  const middle = map ? map.origin[1] + map.scale[1] * 32767 : middleOf(points);
  const across = Math.cos(middle * Math.PI / 180) || 1;
  const plane = p => p && [p[0] * across, -p[1]];
  ground.points = (points || []).map(plane);
  ground.unplane = (x, y) => [x / across, -y];
  if (!map) return;
  const onPlane = (x, y) => [(map.origin[0] + x * map.scale[0]) * across, -(map.origin[1] + y * map.scale[1])];
  ground.arcs = map.arcs.map(steps => {
    const line = new Float64Array(steps.length);
    for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
      x += steps[i]; y += steps[i + 1];
      [line[i], line[i + 1]] = onPlane(x, y);
    }
    return line;
  });
  ground.areas = map.areas; ground.others = map.others;
  ground.labels = map.labels.map(p => p[0] < 0 ? null : onPlane(p[0], p[1]));
  setSides();
  setBoxes();
  ground.ready = true;
}

const middleOf = points => { const known = (points || []).filter(Boolean); return known.length ? known.reduce((s, p) => s + p[1], 0) / known.length : 0; };

// setSides notes the two areas beside each arc: -1 is the sea, -2 an area without flow.
function setSides() {
  ground.sides = new Int32Array(2 * ground.arcs.length).fill(-1);
  const note = (polygons, v) => {
    for (const rings of polygons) for (const ring of rings) for (const a of ring) {
      const i = a < 0 ? ~a : a, s = ground.sides;
      if (s[2 * i] === -1) s[2 * i] = v; else s[2 * i + 1] = v;
    }
  };
  ground.areas.forEach((polygons, v) => polygons && note(polygons, v));
  note(ground.others, -2);
  ground.near = ground.areas.map(() => []);
  for (let i = 0; i < ground.arcs.length; i++) {
    const a = ground.sides[2 * i], b = ground.sides[2 * i + 1];
    if (a >= 0 && b >= 0 && a !== b) { ground.near[a].push(b); ground.near[b].push(a); }
  }
}

// setBoxes finds what may lie under the pointer: the box of each area, in a grid; and
// the box of each arc.
function setBoxes() {
  ground.arcBoxes = new Float64Array(4 * ground.arcs.length);
  ground.arcs.forEach((line, k) => {
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i], y = line[i + 1];
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
    ground.arcBoxes.set([x0, y0, x1, y1], 4 * k);
  });
  const boxes = ground.boxes = ground.areas.map(polygons => {
    const b = [Infinity, Infinity, -Infinity, -Infinity];
    for (const rings of polygons || []) for (const a of rings[0]) {
      const i = 4 * (a < 0 ? ~a : a), arc = ground.arcBoxes;
      b[0] = Math.min(b[0], arc[i]); b[1] = Math.min(b[1], arc[i + 1]);
      b[2] = Math.max(b[2], arc[i + 2]); b[3] = Math.max(b[3], arc[i + 3]);
    }
    return b;
  });
  const all = ground.box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0, b = ground.arcBoxes; i < b.length; i += 4) {
    all[0] = Math.min(all[0], b[i]); all[1] = Math.min(all[1], b[i + 1]);
    all[2] = Math.max(all[2], b[i + 2]); all[3] = Math.max(all[3], b[i + 3]);
  }
  const n = ground.cells = Math.max(8, Math.min(128, Math.round(Math.sqrt(boxes.length))));
  ground.grid = Array.from({length: n * n}, () => []);
  boxes.forEach((b, v) => {
    if (b[0] > b[2]) return;
    const [x0, y0] = cellOf(b[0], b[1]), [x1, y1] = cellOf(b[2], b[3]);
    for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) ground.grid[y * n + x].push(v);
  });
}

function cellOf(x, y) {
  const n = ground.cells, b = ground.box, cell = (t, low, high) => Math.max(0, Math.min(n - 1, Math.floor((t - low) / (high - low || 1) * n)));
  return [cell(x, b[0], b[2]), cell(y, b[1], b[3])];
}

// areaAt is the area at a place on the plane, -1 for none.
function areaAt(x, y) {
  if (!ground.ready) return -1;
  const b = ground.box;
  if (x < b[0] || x > b[2] || y < b[1] || y > b[3]) return -1;
  const [cx, cy] = cellOf(x, y);
  for (const v of ground.grid[cy * ground.cells + cx]) {
    const box = ground.boxes[v];
    if (x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && holds(ground.areas[v], x, y)) return v;
  }
  return -1;
}

function holds(polygons, x, y) {
  let inside = false;
  for (const rings of polygons) for (const ring of rings) for (const a of ring) {
    const line = ground.arcs[a < 0 ? ~a : a];
    for (let i = 2; i < line.length; i += 2) {
      const y0 = line[i - 1], y1 = line[i + 1];
      if (y0 > y !== y1 > y && x < (line[i] - line[i - 2]) * (y - y0) / (y1 - y0) + line[i - 2]) inside = !inside;
    }
  }
  return inside;
}

// underBrush lists the areas within some pixels of a place on the screen.
function underBrush(px, py, radius) {
  const [x, y] = toPlane(px, py), found = new Set(), v = areaAt(x, y), r = radius / view.k;
  if (v >= 0) found.add(v);
  if (radius > 0 && ground.ready) {
    const [x0, y0] = cellOf(x - r, y - r), [x1, y1] = cellOf(x + r, y + r);
    for (let cy = y0; cy <= y1; cy++) for (let cx = x0; cx <= x1; cx++) for (const u of ground.grid[cy * ground.cells + cx]) {
      const p = ground.labels[u];
      if (p && Math.hypot(p[0] - x, p[1] - y) <= r) found.add(u);
    }
  }
  return [...found];
}

// providerAt is the provider drawn at a place on the screen, -1 for none.
function providerAt(px, py, reach = 9) {
  if (!$('points').checked) return -1;
  let best = -1, least = reach;
  ground.points.forEach((p, j) => {
    if (!p) return;
    const d = Math.hypot(p[0] * view.k + view.x - px, p[1] * view.k + view.y - py);
    if (d < least) { least = d; best = at.areas + j; }
  });
  return best;
}

const toPlane = (px, py) => [(px - view.x) / view.k, (py - view.y) / view.k];
const toScreen = p => [p[0] * view.k + view.x, p[1] * view.k + view.y];

// Colours: a footprint keeps its own; a new one takes one that no neighbour has.
function setColours() {
  colour = [];
  const near = footprintsNear(at.label);
  at.ids.forEach((_, f) => { colour[f] = freeColour(near[f] || new Set(), f); });
}

function footprintsNear(label) {
  const near = at.ids.map(() => new Set());
  if (ground.ready) ground.near.forEach((list, v) => list.forEach(u => {
    const f = label[v], g = label[u];
    if (f !== g && f >= 0 && g >= 0 && near[f]) near[f].add(g);
  }));
  return near;
}

function freeColour(near, f) {
  const used = new Set([...near].map(g => colour[g]));
  for (let i = 0; i < fills.length; i++) if (!used.has((f + i) % fills.length)) return (f + i) % fills.length;
  return f % fills.length;
}

// recolour gives footprints of other ids the colours of those they mostly were.
function recolour(ids, nodes, to) {
  const old = at.label.slice(), oldColour = colour, label = at.label.slice(), overlap = new Map();
  for (let i = 0; i < nodes.length; i++) label[nodes[i]] = to[i];
  for (let v = 0; v < at.areas; v++) {
    const key = label[v] + ' ' + old[v];
    overlap.set(key, (overlap.get(key) || 0) + 1);
  }
  const keptIDs = at.ids;
  at.ids = ids;
  const near = footprintsNear(label);
  at.ids = keptIDs;
  colour = [];
  const taken = new Set();
  for (const [key] of [...overlap].sort((a, b) => b[1] - a[1])) {
    const [f, g] = key.split(' ').map(Number);
    if (f < 0 || g < 0 || colour[f] !== undefined || taken.has(g)) continue;
    if ([...near[f]].some(h => colour[h] === oldColour[g])) continue;
    colour[f] = oldColour[g];
    taken.add(g);
  }
  ids.forEach((_, f) => { if (colour[f] === undefined) colour[f] = freeColour(near[f], f); });
}

const fillOf = f => f < 0 ? '#ffffff' : fills[(colour[f] || 0) % fills.length];

// Drawing. The fill is one canvas, lines and labels another on top of it.
// Without a list all is drawn again; with an empty one, all lines and marks.
let pending = 0, allLines = false;
const dirty = new Set();
function draw(nodes) {
  if (nodes) for (const v of nodes) dirty.add(v); else dirty.add(-1);
  if (nodes && !nodes.length) allLines = true;
  if (!pending) pending = requestAnimationFrame(() => { pending = 0; paintNow(); });
}

function paintNow() {
  if (!view.width) return;
  const names = layLabels(), some = !dirty.has(-1) && dirty.size <= 2000, part = some ? partOf(dirty) : null;
  if (!some || dirty.size) drawFill($('fill').getContext('2d'), part);
  drawLines($('lines').getContext('2d'), names, names.same && !allLines ? part : null);
  dirty.clear();
  allLines = false;
}

// beginPart clears a canvas, or the part of it that is drawn again, and keeps to that.
function beginPart(c, part) {
  c.save();
  c.setTransform(1, 0, 0, 1, 0, 0);
  if (part) { c.beginPath(); c.rect(part.x, part.y, part.width, part.height); c.clip(); }
  c.clearRect(0, 0, c.canvas.width, c.canvas.height);
  place(c);
}

// partOf is the part of the screen on which some places lie, in whole points of
// the canvas: only that is drawn again after a stroke.
function partOf(nodes) {
  const b = [Infinity, Infinity, -Infinity, -Infinity], around = 12;
  const take = (x0, y0, x1, y1) => { b[0] = Math.min(b[0], x0); b[1] = Math.min(b[1], y0); b[2] = Math.max(b[2], x1); b[3] = Math.max(b[3], y1); };
  for (const v of nodes) {
    const box = v < at.areas ? ground.boxes && ground.boxes[v] : null, p = ground.points[v - at.areas];
    if (box && box[0] <= box[2]) take(...toScreen([box[0], box[1]]), ...toScreen([box[2], box[3]]));
    else if (p) take(...toScreen(p), ...toScreen(p));
  }
  const r = view.ratio, x0 = Math.max(0, Math.floor((b[0] - around) * r)), y0 = Math.max(0, Math.floor((b[1] - around) * r));
  const x1 = Math.min($('lines').width, Math.ceil((b[2] + around) * r)), y1 = Math.min($('lines').height, Math.ceil((b[3] + around) * r));
  return {x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0)};
}

function place(c) { c.setTransform(view.k * view.ratio, 0, 0, view.k * view.ratio, view.x * view.ratio, view.y * view.ratio); }

function trace(c, polygons) {
  for (const rings of polygons) for (const ring of rings) {
    let first = true;
    for (const a of ring) {
      const line = ground.arcs[a < 0 ? ~a : a];
      if (a >= 0) for (let i = first ? 0 : 2; i < line.length; i += 2) first ? (c.moveTo(line[i], line[i + 1]), first = false) : c.lineTo(line[i], line[i + 1]);
      else for (let i = line.length - (first ? 2 : 4); i >= 0; i -= 2) first ? (c.moveTo(line[i], line[i + 1]), first = false) : c.lineTo(line[i], line[i + 1]);
    }
    c.closePath();
  }
}

function fillAreas(c, areas, f) {
  c.beginPath();
  for (const v of areas) if (ground.areas[v]) trace(c, ground.areas[v]);
  c.fillStyle = fillOf(f);
  c.fill();
  if ($('patterns').checked && f >= 0) { c.fillStyle = patternOf(c, f); c.fill(); }
}

function drawFill(c, part) {
  beginPart(c, part);
  if (ground.ready) {
    c.beginPath(); trace(c, ground.others); c.fillStyle = '#e4e4e0'; c.fill();
    const members = new Map(), shown = within(part);
    for (let v = 0; v < at.areas; v++) if (shown(ground.boxes[v])) { const f = at.label[v]; if (!members.has(f)) members.set(f, []); members.get(f).push(v); }
    for (const [f, areas] of [...members].sort((a, b) => a[0] - b[0])) fillAreas(c, areas, f);
  }
  c.restore();
}

// patternOf is a hatching: with eight colours, it tells footprints apart that share one.
const patterns = new Map();
function patternOf(c, f) {
  const kind = f % 7;
  if (!patterns.has(kind)) {
    const tile = document.createElement('canvas'), s = tile.width = tile.height = 12, d = tile.getContext('2d');
    d.strokeStyle = '#0008'; d.fillStyle = '#0008'; d.lineWidth = 1.3; d.beginPath();
    if (kind === 0 || kind === 4) { d.moveTo(0, s); d.lineTo(s, 0); }
    if (kind === 1 || kind === 4) { d.moveTo(0, 0); d.lineTo(s, s); }
    if (kind === 2 || kind === 5) { d.moveTo(0, s / 2); d.lineTo(s, s / 2); }
    if (kind === 3 || kind === 5) { d.moveTo(s / 2, 0); d.lineTo(s / 2, s); }
    d.stroke();
    if (kind === 6) { d.beginPath(); d.arc(s / 2, s / 2, 1.8, 0, 7); d.fill(); }
    patterns.set(kind, tile);
  }
  const pattern = c.createPattern(patterns.get(kind), 'repeat');
  pattern.setTransform(new DOMMatrix().scale(1 / (view.k * view.ratio)));
  return pattern;
}

function line(c, a) {
  const l = ground.arcs[a];
  c.moveTo(l[0], l[1]);
  for (let i = 2; i < l.length; i += 2) c.lineTo(l[i], l[i + 1]);
}

// drawLines draws all that lies on top of the colours, or a part of the screen of it.
function drawLines(c, names, part) {
  beginPart(c, part);
  const n = ground.arcs.length, s = ground.sides, of = v => v < 0 ? v - 9 : at.label[v], onScreen = within(part), shown = i => onScreen(ground.arcBoxes, 4 * i);
  if (n < 3000 || view.k > 3 * view.least) {
    c.beginPath();
    for (let i = 0; i < n; i++) if (shown(i) && of(s[2 * i]) === of(s[2 * i + 1])) line(c, i);
    c.strokeStyle = '#00000040'; c.lineWidth = 0.6 / view.k; c.stroke();
  }
  c.beginPath();
  for (let i = 0; i < n; i++) if (of(s[2 * i]) !== of(s[2 * i + 1]) && shown(i)) line(c, i);
  c.lineJoin = 'round'; c.strokeStyle = '#222'; c.lineWidth = 1.5 / view.k; c.stroke();
  drawLocks(c);
  if (cursor >= 0 && cursor < at.areas && ground.areas[cursor]) {
    c.beginPath(); trace(c, ground.areas[cursor]);
    c.strokeStyle = '#ffdd00'; c.lineWidth = 5 / view.k; c.stroke();
    c.strokeStyle = '#0b0c0c'; c.lineWidth = 2 / view.k; c.stroke();
  }
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  if ($('points').checked) drawPoints(c);
  drawLabels(c, names);
  c.restore();
}

// within says whether a box, four numbers of a list, may touch a part of the screen,
// or the screen.
function within(part) {
  const r = view.ratio, p = part || {x: 0, y: 0, width: $('lines').width, height: $('lines').height}, wide = 2;
  const [x0, y0] = toPlane(p.x / r - wide, p.y / r - wide), [x1, y1] = toPlane((p.x + p.width) / r + wide, (p.y + p.height) / r + wide);
  return (b, i = 0) => b[i] <= x1 && b[i + 1] <= y1 && b[i + 2] >= x0 && b[i + 3] >= y0;
}

// drawLocks marks locked areas by a small square, where there is room for it.
function drawLocks(c) {
  c.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  c.fillStyle = '#0b0c0c';
  for (const v of at.locked) {
    const p = v < at.areas && ground.labels[v];
    if (!p) continue;
    const [x, y] = toScreen(p);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    c.fillRect(x - 3, y - 1, 6, 5);
    c.beginPath(); c.arc(x, y - 1, 2.2, Math.PI, 0); c.lineWidth = 1.2; c.strokeStyle = '#0b0c0c'; c.stroke();
  }
  place(c);
}

function drawPoints(c) {
  ground.points.forEach((p, j) => {
    if (!p) return;
    const [x, y] = toScreen(p), v = at.areas + j;
    if (x < -9 || y < -9 || x > view.width + 9 || y > view.height + 9) return;
    c.beginPath(); c.arc(x, y, v === cursor ? 6 : 3.6, 0, 7);
    c.fillStyle = fillOf(at.label[v]); c.fill();
    c.lineWidth = at.locked.has(v) ? 3 : 1.3; c.strokeStyle = '#0b0c0c'; c.stroke();
  });
}

// labelOf is a footprint's id, or the first words of its name where the id is long.
function labelOf(id) {
  const f = id.length > 5 && footprintOf(id);
  if (!f || !f.name) return id;
  return f.name.length > 22 ? f.name.slice(0, 22).replace(/[ ,]+\S*$/, '') + '…' : f.name;
}

const labelFont = '600 12px system-ui, "Liberation Sans", Arial, sans-serif';
const widths = new Map(); // of texts in that type, in points
let laid = '';

// layLabels puts each footprint's id in its largest area, the largest footprints
// first; same says that all stand where they stood when last asked.
function layLabels() {
  const list = [];
  if ($('names').checked) {
    const best = new Map(), c = $('lines').getContext('2d');
    for (let v = 0; v < at.areas; v++) {
      const f = at.label[v], b = ground.boxes && ground.boxes[v];
      if (f < 0 || !b || b[0] > b[2] || !ground.labels[v]) continue;
      const size = (b[2] - b[0]) * (b[3] - b[1]), most = best.get(f);
      if (!most || most.size < size) best.set(f, {size, v});
    }
    c.save();
    c.font = labelFont;
    for (const [f, {v}] of [...best].sort((a, b) => b[1].size - a[1].size)) {
      const [x, y] = toScreen(ground.labels[v]), text = labelOf(at.ids[f]);
      if (!widths.has(text)) widths.set(text, c.measureText(text).width);
      const half = widths.get(text) / 2 + 3;
      if (list.some(u => Math.abs(u.x - x) < half + u.half && Math.abs(u.y - y) < 15)) continue;
      list.push({x, y, half, text});
    }
    c.restore();
  }
  const key = list.map(u => `${u.x} ${u.y} ${u.text}`).join('|'), same = key === laid;
  laid = key;
  return {list, same};
}

function drawLabels(c, names) {
  c.font = labelFont; c.textAlign = 'center'; c.textBaseline = 'middle';
  for (const {x, y, text} of names.list) {
    c.lineWidth = 3; c.strokeStyle = '#ffffffd0'; c.strokeText(text, x, y);
    c.fillStyle = '#0b0c0c'; c.fillText(text, x, y);
  }
}

// The view: how the plane lies on the screen.
function showAll() {
  let b = ground.box;
  if (!b) {
    const known = ground.points.filter(Boolean);
    if (!known.length) return;
    b = [Math.min(...known.map(p => p[0])), Math.min(...known.map(p => p[1])), Math.max(...known.map(p => p[0])), Math.max(...known.map(p => p[1]))];
  }
  const head = 10, foot = 46, high = Math.max(50, view.height - head - foot); // switches stand at the foot
  view.k = view.least = Math.min((view.width - 20) / (b[2] - b[0] || 1), high / (b[3] - b[1] || 1));
  view.x = (view.width - view.k * (b[0] + b[2])) / 2;
  view.y = head + (high - view.k * (b[1] + b[3])) / 2;
  draw();
}

function zoomAt(factor, px = view.width / 2, py = view.height / 2) {
  const k = Math.max(view.least * 0.5, Math.min(view.least * 200, view.k * factor)), [x, y] = toPlane(px, py);
  view.k = k; view.x = px - x * k; view.y = py - y * k;
  draw();
}

function resize() {
  const box = $('map').getBoundingClientRect(), first = !view.width;
  const wide = box.width - view.width, high = box.height - view.height;
  if (!first && !wide && !high && view.ratio === Math.min(2, window.devicePixelRatio || 1)) return;
  view.width = box.width; view.height = box.height; view.ratio = Math.min(2, window.devicePixelRatio || 1);
  for (const id of ['fill', 'lines']) { $(id).width = Math.round(box.width * view.ratio); $(id).height = Math.round(box.height * view.ratio); }
  if (first) return showAll();
  view.x += wide / 2; view.y += high / 2;
  draw();
}
