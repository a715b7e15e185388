// Keeping work: in the browser as it goes, and in files.
const keptAs = () => 'stpmap workbench ' + at.flowSHA + ' ' + at.startMark;
const store = { get: key => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, text) => { try { localStorage.setItem(key, text); return true; } catch { return false; } } };

// keepWork keeps the records in the browser, a moment after the last change.
let opening = true;
const keepWork = later(400, async () => {
  if (opening) return;
  const records = await ask('log', {from: 0});
  if (!store.set(keptAs(), records) && !keepWork.said) {
    keepWork.said = true;
    say('This browser does not keep your work: save the session to a file.', true);
  }
});

function saveFile(name, type, parts) {
  const link = make('a', {download: name, href: URL.createObjectURL(new Blob(parts, {type}))});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 30000);
}

// geoJSON is the map as footprints with their figures, borders dissolved.
function geoJSON() {
  const scale = 1e6, round = x => Math.round(x * scale) / scale;
  const features = at.state.footprints.map(f => {
    const k = at.ids.indexOf(f.id), polygons = outlines(v => v >= 0 && at.label[v] === k);
    const geometry = polygons.length ? {type: 'MultiPolygon', coordinates: polygons.map(rings => rings.map(ring => ring.map(p => ground.unplane(...p).map(round))))} : null;
    return {type: 'Feature', id: f.id, properties: {footprint: f.id, ...f, id: undefined}, geometry};
  });
  return JSON.stringify({type: 'FeatureCollection', features}) + '\n';
}

// outlines joins the arcs at the edge of some areas to rings, holes in their shells.
function outlines(within) {
  const next = new Map(), key = (x, y) => x + ' ' + y;
  for (let v = 0; v < ground.areas.length; v++) {
    if (!ground.areas[v] || !within(v)) continue;
    for (const rings of ground.areas[v]) for (const ring of rings) for (const a of ring) {
      const i = a < 0 ? ~a : a, s = ground.sides;
      if (within(s[2 * i]) && within(s[2 * i + 1])) continue;
      const l = ground.arcs[i], points = [];
      for (let j = 0; j < l.length; j += 2) points.push([l[j], l[j + 1]]);
      if (a < 0) points.reverse();
      const from = key(...points[0]);
      if (!next.has(from)) next.set(from, []);
      next.get(from).push(points);
    }
  }
  const shells = [], holes = [];
  for (const list of next.values()) while (list.length) {
    const ring = list.pop().slice();
    while (key(...ring[ring.length - 1]) !== key(...ring[0])) {
      const more = next.get(key(...ring[ring.length - 1]));
      if (!more || !more.length) break;
      ring.push(...more.pop().slice(1));
    }
    // Up is down on the screen's plane: a shell runs the other way there.
    (areaOf(ring) < 0 ? shells : holes).push(ring);
  }
  const polygons = shells.map(s => [s]);
  for (const hole of holes) {
    const home = polygons.filter(([s]) => ringHolds(s, hole[0])).sort((a, b) => Math.abs(areaOf(a[0])) - Math.abs(areaOf(b[0])))[0];
    if (home) home.push(hole);
  }
  return polygons;
}

const areaOf = ring => { let sum = 0; for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1]; return sum / 2; };
function ringHolds(ring, [x, y]) {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [x0, y0] = ring[i - 1], [x1, y1] = ring[i];
    if (y0 > y !== y1 > y && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}

function picture() {
  const out = document.createElement('canvas'), c = out.getContext('2d'), top = 64 * view.ratio, foot = 26 * view.ratio;
  out.width = $('fill').width; out.height = $('fill').height + top + foot;
  c.fillStyle = '#fff'; c.fillRect(0, 0, out.width, out.height);
  c.fillStyle = '#dfe9ef'; c.fillRect(0, top, out.width, $('fill').height);
  c.drawImage($('fill'), 0, top); c.drawImage($('lines'), 0, top);
  c.fillStyle = '#0b0c0c'; c.font = `600 ${20 * view.ratio}px system-ui, Arial, sans-serif`; c.fillText($('title').textContent, 12 * view.ratio, 26 * view.ratio);
  c.font = `${14 * view.ratio}px system-ui, Arial, sans-serif`;
  c.fillText(`${counted(at.state.footprints.length, 'footprint')}; ${percent(at.state.inside_share)} of patients treated inside theirs; weakest ${percent(at.state.min_localisation_index)}. ${drawing.notice || ''}`, 12 * view.ratio, 50 * view.ratio);
  c.fillText((drawing.sources || []).join('; '), 12 * view.ratio, out.height - 9 * view.ratio);
  return new Promise(done => out.toBlob(done, 'image/png'));
}

function saveButtons() {
  const on = (id, run) => $(id).addEventListener('click', run);
  on('savePartition', async () => saveFile('partition.csv', 'text/csv', [await ask('partition')]));
  on('saveSession', async () => saveFile('session.jsonl', 'application/jsonl', [await ask('session')]));
  on('saveGeo', () => saveFile('footprints.geojson', 'application/geo+json', [geoJSON()]));
  on('savePicture', async () => saveFile('map.png', 'image/png', [await picture()]));
  on('startAgain', async () => { await quietly(goOn('')); $('save').close(); say('The map is the first one again.'); });
  $('loadSession').addEventListener('change', async event => {
    const file = event.target.files[0];
    if (!file) return;
    try { await goOn(await file.text()); say('The session goes on.'); $('save').close(); } catch { /* said */ }
    event.target.value = '';
  });
}

// goOn begins at the first map and does what a session says.
async function goOn(text) {
  try { return take(await ask('continue', {text})); } catch (error) { say(sentence(error.message), true); throw error; }
}
