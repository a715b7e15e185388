// node workbench.js STEP PAGE [NAME=VALUE…]: drives a page of the workbench in
// Chromium, and ends with status 1 where something does not hold. Steps:
//
//   operations  ops=N flows=F boundaries=B: N random operations through the page's
//               controls and through window.stpmap; after each hundred the figures
//               are those that the command computes; replay gives the same bytes;
//               undo to the start gives the start
//   controls    flows=F boundaries=B indicators=I: every control of the page and
//               every function of window.stpmap, with what a person sees
//   hostile     names=FILE [title=T]: hostile names are text wherever the page shows them
//   recluster   flows=F boundaries=B k=K: as cluster, without and with locks
//   story       the whole story by keyboard alone; then by touch at 390 pixels
//   axe         no fault by axe, on each tab and in each dialog
//   times       name=M: medians and 95th percentiles, with limits=stroke:16,… where asked
//   picture     out=FILE.png [width=W] [height=H] [dark=1] [touch=1] [hover=X,Y] [do=JS]
//
// Every step also fails where the page asks the network, writes to the console or
// has a policy that is too wide. Needs playwright-core (and axe-core) on NODE_PATH,
// Chromium (CHROMIUM, or /usr/bin/chromium), and $stpmap, the tool.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path');
const {execFileSync} = require('child_process');
const {chromium} = require('playwright-core');

const [, , step, file, ...rest] = process.argv;
const options = Object.fromEntries(rest.map(x => [x.slice(0, x.indexOf('=')), x.slice(x.indexOf('=') + 1)]));
const stpmap = process.env.stpmap || 'stpmap';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'workbench'));
const faults = [];
const check = (ok, text) => { if (!ok) faults.push(text); };
const same = (got, want, text) => check(JSON.stringify(got) === JSON.stringify(want), `${text}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
const tool = (...args) => execFileSync(stpmap, [...args, '--quiet'], {encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe']});
const inWork = name => path.join(work, name);

// random numbers from 0 to 1, the same each time (Mulberry32).
const randomText = `(seed => () => { seed = seed + 0x6D2B79F5 | 0; let t = Math.imul(seed ^ seed >>> 15, 1 | seed); t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t; return ((t ^ t >>> 14) >>> 0) / 4294967296; })`;
const random = eval(randomText)(+(options.seed || 22));
const pick = list => list[Math.floor(random() * list.length)];

let browser;
async function open(settings = {}) {
  browser = browser || await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']});
  const context = await browser.newContext({viewport: {width: 1400, height: 900}, acceptDownloads: true, ...settings});
  const page = await context.newPage();
  page.on('console', m => check(false, 'on the console: ' + m.text()));
  page.on('pageerror', e => check(false, 'an error in the page: ' + e));
  page.on('request', r => check(/^(file|data|blob):/.test(r.url()), 'a request: ' + r.url()));
  page.began = Date.now();
  await page.goto('file://' + path.resolve(file));
  while (!await page.evaluate('!!(window.READY || window.FAILED)')) await page.waitForTimeout(5);
  page.opened = Date.now() - page.began;
  check(!await page.evaluate('window.FAILED'), 'the page does not open');
  const policy = await page.evaluate(`document.querySelector('meta[http-equiv="Content-Security-Policy"]').content`);
  check(/default-src 'none'/.test(policy) && !/unsafe-inline|'unsafe-eval'|https?:|\*/.test(policy), 'the policy is too wide: ' + policy);
  return page;
}
const driver = (page, name, ...args) => page.evaluate(([name, args]) => window.stpmap[name](...args), [name, args]);

function table(text) {
  const rows = [[]];
  let cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) { if (c !== '"') cell += c; else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false; }
    else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') { rows[rows.length - 1].push(cell); cell = ''; if (c === '\n') rows.push([]); } else cell += c;
  }
  rows.pop();
  const head = rows.shift();
  return rows.map(r => Object.fromEntries(head.map((h, i) => [h, r[i]])));
}

// compare holds the page's figures against those that the command computes.
const columns = ['population', 'providers', 'areas', 'patients_resident', 'patients_treated', 'patients_inside', 'localisation_index', 'market_share_index'];
async function compare(page, when) {
  const state = await driver(page, 'state'), partition = inWork('partition.csv'), out = inWork('footprints.csv');
  fs.writeFileSync(partition, await driver(page, 'partition'));
  tool('render', '--flows', options.flows, '--boundaries', options.boundaries, '--partition', partition, '--layers', 'footprints', '-o', out);
  const rows = new Map(table(fs.readFileSync(out, 'utf8')).map(r => [r.footprint, r]));
  // A layer of polygons has no row for a footprint without areas.
  const drawn = state.footprints.filter(f => f.areas > 0);
  same(drawn.map(f => f.id).sort(), [...rows.keys()].sort(), when + ', footprints');
  for (const f of drawn) {
    const r = rows.get(f.id) || {};
    for (const c of columns) same(f[c], r[c] === '' || r[c] === undefined ? null : +r[c], `${when}, ${f.id}, ${c}`);
    same(f.contiguous, r.contiguous ? r.contiguous === 'true' : null, `${when}, ${f.id}, contiguous`);
  }
  const whole = JSON.parse(tool('compare', '--flows', options.flows, '--partition', partition, '--reference', partition, '--suppress-below', '5', '--json')).partition;
  for (const c of ['inside_share', 'min_localisation_index', 'modularity']) same(state[c], whole[c], `${when}, ${c}`);
}

// operations: most through the driver, a hundred at a time, the rest by hand.
async function operations() {
  const page = await open(), n = +(options.ops || 10000), began = await driver(page, 'partition');
  await page.evaluate(`window.chance = ${randomText}(${+(options.seed || 22)})`);
  let byHand = 0;
  for (let done = 0; done < n && faults.length < 20; done += 100) {
    const hands = 8;
    await page.evaluate(async many => {
      const chance = window.chance, pick = list => list[Math.floor(chance() * list.length)];
      const rows = (await stpmap.partition()).trim().split('\n').slice(1).map(r => r.split(',').slice(0, 2));
      let state = await stpmap.state();
      for (let i = 0; i < many; i++) {
        const x = chance(), [kind, code] = pick(rows), id = pick(state.footprints).id;
        try {
          if (x < 0.72) state = await stpmap.move(code, id, kind);
          else if (x < 0.78) await stpmap.lock(code, chance() < 0.6, kind);
          else if (x < 0.90) state = await stpmap.undo();
          else if (x < 0.97) state = await stpmap.redo();
          else if (x < 0.98) await stpmap.why(code, id);
          else if (x < 0.985) state = await stpmap.mend('pieces');
          else if (x < 0.9895) state = await stpmap.recluster({resolution: 2 + 6 * chance(), seed: Math.floor(100 * chance())});
          else { await stpmap.option('A'); if (chance() < 0.5) state = await stpmap.restore('A'); }
        } catch (error) {
          if (!/is locked|demand|footprint|cannot/i.test(error.message)) throw error;
        }
      }
    }, 100 - hands);
    for (let i = 0; i < hands; i++) { await hand(page); byHand++; }
    await settled(page);
    await compare(page, `after ${done + 100} operations`);
    if (done % 1000 === 900) fs.writeSync(2, `${done + 100} operations so far, ${faults.length} faults\n`);
  }
  const session = inWork('session.jsonl'), partition = await driver(page, 'partition');
  fs.writeFileSync(session, await driver(page, 'session'));
  check(tool('replay', '--session', session, '-o', '-') === partition, 'replay gives another partition');
  let undone = 0;
  while ((await driver(page, 'state')).can_undo && undone < 3 * n) undone += await page.evaluate(async () => { let n = 0; while (n < 500 && (await stpmap.undo()).can_undo) n++; return n + 1; });
  check(await driver(page, 'partition') === began, 'undo to the start does not give the start');
  const again = await open();
  await driver(again, 'load', fs.readFileSync(session, 'utf8'));
  check(await driver(again, 'partition') === partition, 'a page that goes on from the session has another partition');
  console.log(`${n} operations, ${byHand} of them by hand, ${undone} undone; ${(fs.statSync(session).size / 1e6).toFixed(1)} MB of session`);
}

// settled waits until the engine has answered what the controls asked.
const settled = async page => { await page.waitForTimeout(60); await driver(page, 'state'); await page.waitForTimeout(20); await driver(page, 'state'); };

// hand does one thing with the page's own controls.
async function hand(page) {
  const x = random(), box = await page.locator('#map').boundingBox(), at = () => [box.x + box.width * (0.25 + 0.5 * random()), box.y + box.height * (0.2 + 0.6 * random())];
  if (x < 0.5) {
    await page.click('input[name=tool][value=paint]', {force: true});
    const ids = await page.$$eval('#target option', all => all.map(o => o.value));
    await page.selectOption('#target', pick(ids));
    await page.mouse.move(...at());
    await page.mouse.down();
    for (let i = 0; i < 3; i++) await page.mouse.move(...at());
    await page.mouse.up();
  } else if (x < 0.6) {
    await page.click('input[name=tool][value=lock]', {force: true});
    await page.mouse.click(...at());
  } else if (x < 0.75) {
    await page.keyboard.press(random() < 0.6 ? 'Control+z' : 'Control+y');
  } else {
    await page.click('#tab-places');
    const values = await page.$$eval('#found option', all => all.map(o => o.value));
    if (values.length) await page.selectOption('#found', [pick(values), pick(values)]);
    await page.selectOption('#into', pick(await page.$$eval('#into option', all => all.map(o => o.value))));
    await page.click('#moveFound');
  }
  await settled(page);
}

// recluster: the same as cluster with the same demands and seed.
async function recluster() {
  const page = await open(), k = +options.k, demands = (options.demands || '').split(' ').filter(Boolean);
  const base = ['--flows', options.flows, '--boundaries', options.boundaries, '--suppress-below', '5', ...(options.more || '').split(' ').filter(Boolean), ...demands];
  await driver(page, 'recluster', {footprints: k, seed: 1});
  const plain = await driver(page, 'partition');
  check(plain === tool('cluster', ...base, '--footprints', k, '--seed', '1', '-o', '-'), `recluster({footprints: ${k}, seed: 1}) is not what cluster gives`);
  const start = inWork('start.csv'), fix = inWork('fix.txt'), rows = table(plain), held = rows.filter((_, i) => i % 5 === 0);
  for (const r of held) await driver(page, 'lock', r.code, true, r.kind);
  fs.writeFileSync(start, plain);
  fs.writeFileSync(fix, held.map(r => r.code).join('\n') + '\n');
  for (const [ask, flags] of [[{footprints: k - 2, seed: 7}, ['--footprints', k - 2, '--seed', '7']], [{resolution: 3, seed: 5}, ['--resolution', '3', '--seed', '5']]]) {
    await driver(page, 'recluster', ask);
    check(await driver(page, 'partition') === tool('cluster', ...base, ...flags, '--start', start, '--fix', fix, '-o', '-'), `with locks, recluster(${JSON.stringify(ask)}) is not what cluster gives`);
    await driver(page, 'undo');
  }
  console.log(`${held.length} places locked`);
}

// story: move three areas, lock, re-cluster, undo and save, by keys alone.
async function story() {
  const page = await open(), began = await driver(page, 'partition'), press = key => page.keyboard.press(key);
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.value || document.activeElement.tagName');
  const tabTo = async (id, back) => { for (let i = 0; i < 120; i++) { if (await focused() === id) return; await press(back ? 'Shift+Tab' : 'Tab'); } check(false, 'the Tab key does not reach ' + id); };
  await tabTo('target');
  for (let i = 0; i < 3; i++) await press('ArrowDown');
  const target = await page.inputValue('#target');
  await tabTo('map');
  let moved = 0;
  for (let i = 0; i < 60 && moved < 3; i++) {
    await press(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowDown'][i % 4]);
    const before = await driver(page, 'partition');
    await press('Enter');
    await settled(page);
    if (await driver(page, 'partition') !== before) moved++;
  }
  same(moved, 3, 'areas moved by the keyboard');
  await press('l');
  await settled(page);
  same((await driver(page, 'state')).locked >= 1, true, 'an area is locked by the keyboard');
  const before = await driver(page, 'partition');
  await tabTo('openRecluster', true);
  await press('Enter');
  check(await page.evaluate(`document.getElementById('recluster').open`), 'the dialog does not open');
  for (let i = 0; i < 20 && await focused() !== 'go'; i++) await press('Tab');
  await press('Enter');
  for (let i = 0; i < 200 && await driver(page, 'partition') === before; i++) await page.waitForTimeout(50);
  check(await driver(page, 'partition') !== before, 'the keyboard does not re-cluster');
  await press('Control+z');
  await settled(page);
  check(await driver(page, 'partition') === before, 'Ctrl+Z does not undo');
  await tabTo('openSave');
  await press('Enter');
  for (let i = 0; i < 20 && await focused() !== 'saveSession'; i++) await press('Tab');
  const [saved] = await Promise.all([page.waitForEvent('download', {timeout: 10000}), press('Enter')]);
  const session = inWork('story.jsonl');
  await saved.saveAs(session);
  check(tool('replay', '--session', session, '-o', '-') === before, 'the saved session ends elsewhere');
  check(before !== began, 'nothing moved');
  console.log('by keyboard: three areas into ' + target);
  await touched();
}

// touched paints, locks and undoes by touch at 390 pixels.
async function touched() {
  const page = await open({viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true}), began = await driver(page, 'partition');
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  check(wide <= 390, `the page is ${wide} pixels wide at 390`);
  await page.locator('#map').scrollIntoViewIfNeeded();
  const box = await page.locator('#map').boundingBox();
  for (let i = 0; i < 40 && await driver(page, 'partition') === began; i++) {
    await page.touchscreen.tap(box.x + box.width * (0.3 + 0.4 * random()), box.y + box.height * (0.3 + 0.4 * random()));
    await settled(page);
  }
  check(await driver(page, 'partition') !== began, 'a tap does not paint');
  await page.locator('.tools label', {hasText: 'Lock'}).tap();
  for (let i = 0; i < 40 && !(await driver(page, 'state')).locked; i++) {
    await page.touchscreen.tap(box.x + box.width * (0.3 + 0.4 * random()), box.y + box.height * (0.3 + 0.4 * random()));
    await settled(page);
  }
  check((await driver(page, 'state')).locked > 0, 'a tap does not lock');
  for (let i = 0; i < 60 && (await driver(page, 'state')).can_undo; i++) { await page.locator('#undo').tap(); await settled(page); }
  check(await driver(page, 'partition') === began, 'undo by touch does not give the start');
  console.log('by touch: painted, locked and undone at 390 pixels');
}

// controls: each control of the page and each function of window.stpmap, once at
// least, with what a person sees. The page has a reference, indicators, an ensemble,
// boundaries and bounds of people.
const driven = new Set(), called = new Set();
const shown = (page, selector) => page.locator(selector).first().innerText();
const click = async (page, id) => { driven.add(id); await page.click('#' + id); await settled(page); };
const fill = async (page, id, value) => { driven.add(id); await page.fill('#' + id, String(value)); };
const take = async (page, id, value) => { driven.add(id); await page.selectOption('#' + id, value); await settled(page); };
const toolTo = async (page, value) => { driven.add('tool ' + value); await page.click(`input[name=tool][value=${value}]`, {force: true}); };
const ask = (page, name, ...args) => { called.add(name); return driver(page, name, ...args); };
// until waits for what a machine with much to do may show late.
const until = async (page, get, right) => { let x; for (let i = 0; i < 100; i++) { x = await get(); if (right(x)) break; await page.waitForTimeout(100); } return x; };
const has = async (page, selector, want, what) => { const text = await until(page, () => shown(page, selector), t => want.test(t)); check(want.test(text), `${what}: “${text.slice(0, 200)}” is not as ${want}`); return text; };
// drawn is a mark of what the map shows.
const drawn = page => page.evaluate(() => ['fill', 'lines'].map(id => {
  const c = document.getElementById(id), copy = document.createElement('canvas');
  copy.width = c.width; copy.height = c.height;
  const to = copy.getContext('2d', {willReadFrequently: true});
  to.drawImage(c, 0, 0);
  return to.getImageData(0, 0, c.width, c.height).data.reduce((h, x) => (h * 31 + x) | 0, 0);
}).join());
const percentOf = x => (100 * x).toFixed(1) + '%';
const places = async page => table(await ask(page, 'partition'));

// spots are places on the screen with the area or provider that the page says is there.
async function spots(page, wanted = 12) {
  const box = await page.locator('#map').boundingBox(), found = [];
  for (let i = 0; found.length < wanted && i < 160; i++) {
    const x = box.x + box.width * (0.25 + 0.5 * random()), y = box.y + box.height * (0.15 + 0.7 * random());
    await page.mouse.move(x, y);
    await settled(page);
    const name = await page.evaluate(() => { const e = document.querySelector('#under strong'); return e && e.textContent; });
    if (name && !found.some(f => f.name === name)) found.push({x, y, name});
  }
  check(found.length >= wanted, `only ${found.length} places are named under the pointer`);
  return found;
}

async function controls() {
  const page = await open();
  const began = await ask(page, 'partition');
  for (const part of [theFigures, theTools, theView, theParts, thePlaces, theIdeas, theMaps, theReclustering, theSaving, theHelp, theKeys, theReopening, theLook]) {
    await part(page, began);
    while ((await ask(page, 'undo')).can_undo);
    if (faults.length) { console.log('in ' + part.name); break; }
  }
  const all = await page.evaluate(() => [...document.querySelectorAll('button[id], input[id], select[id], a.skip')].map(e => e.id || 'skip').concat([...document.querySelectorAll('input[name=tool]')].map(e => 'tool ' + e.value), [...document.querySelectorAll('input[name=how]')].map(e => 'how ' + e.value)));
  for (const id of all) check(driven.has(id), 'never driven: ' + id);
  for (const name of await page.evaluate('Object.keys(stpmap)')) check(called.has(name), 'never called: ' + name);
  console.log(`${all.length} controls and ${called.size} functions driven`);
}

// Figures: headline, sides, what is not met, the list, ratings and ribbons.
async function theFigures(page) {
  await click(page, 'tab-figures');
  const state = await ask(page, 'state');
  await has(page, '#headline', new RegExp(percentOf(state.inside_share)), 'headline');
  await has(page, '#headline', new RegExp(`Demands not met\\s*${state.breaches.length}$`), 'headline');
  await has(page, '#sides', /Before\s+Now\s+Reference/, 'the three sides');
  await has(page, '#breaches', /has [\d,]+ people, (over the most|under the least) of/, 'what is not met');
  const second = state.footprints[1];
  await page.locator('#list tbody button').nth(1).click();
  same(await page.inputValue('#target'), second.id, 'the list chooses');
  await has(page, '#status', /^Painting into /, 'a choice is said');
  check(await page.locator('#list tr.chosen').count() === 1, 'the chosen row is not marked');
  await page.waitForFunction(() => /^[1-4]/.test(document.querySelector('#list tbody tr').cells[6].textContent), null, {timeout: 20000});
  await theRatings(page, 'at the start');
  const ribbons = page.locator('#ribbons .ribbon');
  check(await ribbons.count() >= 3, 'no ribbons');
  for (const text of await ribbons.allInnerTexts()) check(/maps that the rules allow|no place is told among/.test(text), 'a ribbon says: ' + text);
  same(await page.locator('#ribbons svg').first().locator('rect').count(), 4, 'parts of a ribbon');
  const mark = () => page.$$eval('#ribbons svg', all => all.map(s => s.lastChild.getAttribute('x')).join());
  const before = await mark(), first = (await places(page))[0];
  await ask(page, 'move', first.code, second.id === first.footprint ? state.footprints[2].id : second.id, first.kind);
  check(await until(page, mark, x => x !== before) !== before, 'the mark on the ribbons does not move');
  await theRatings(page, 'after a move');
}

// theParts: after strokes only the part of the map that they touch is drawn again,
// and the picture is that of a map drawn whole.
async function theParts(page) {
  called.add('lock');
  const [first, ...seen] = await page.evaluate(async () => {
    const rows = (await stpmap.partition()).trim().split('\n').slice(1).map(r => r.split(',').slice(0, 2)), ids = (await stpmap.state()).footprints.map(f => f.id);
    const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const pixels = id => {
      const from = document.getElementById(id), {width, height} = from;
      Object.assign(copy.canvas, {width, height});
      copy.drawImage(from, 0, 0);
      return copy.getImageData(0, 0, width, height).data;
    };
    const apart = (a, b) => { let n = 0; for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) n++; return n / a.length; };
    const whole = async () => { document.getElementById('patterns').dispatchEvent(new Event('change')); await frame(); return [pixels('fill'), pixels('lines')]; };
    const began = await whole(), out = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 30; i++) {
        const [kind, code] = rows[(round * 5003 + i * 7919) % rows.length];
        await stpmap.move(code, ids[(i * 31 + round) % ids.length], kind);
        if (i % 3 === 0) await stpmap.undo();
        if (i % 7 === 0) { await stpmap.lock(code, true, kind); await stpmap.lock(code, false, kind); }
        await frame();
      }
      const parts = [pixels('fill'), pixels('lines')], all = await whole();
      if (!round) out.push([apart(began[0], all[0]), apart(began[1], all[1])]);
      out.push([apart(parts[0], all[0]), apart(parts[1], all[1])]);
    }
    return out;
  });
  check(first[0] > 0.01 && first[1] > 0.002, `thirty moves change ${first} of the picture: too little to see a fault`);
  for (const [fill, lines] of seen) check(fill < 0.003 && lines < 0.001, `drawn in parts, ${fill} of the colours and ${lines} of the lines differ from a map drawn whole`);
}

// theRatings are those that score gives.
async function theRatings(page, when) {
  const partition = inWork('rated.csv'), out = inWork('scored' + when.length), scores = await ask(page, 'scores');
  fs.writeFileSync(partition, await ask(page, 'partition'));
  tool('score', '--flows', options.flows, '--indicators', options.indicators, '--partition', partition, '-o', out);
  const want = new Map(table(fs.readFileSync(path.join(out, 'scores.csv'), 'utf8')).map(r => [r.footprint, r.rating]));
  const state = await ask(page, 'state'), cells = () => page.$$eval('#list tbody tr', rows => rows.map(r => [r.cells[0].querySelector('button').textContent, r.cells[6].firstChild.textContent]));
  const got = await until(page, cells, x => state.footprints.every((f, i) => x[i] && x[i][1] === (want.get(f.id) || '–')));
  check(want.size > 0 && got.length === want.size, `${when}: ${got.length} rows, ${want.size} rated`);
  state.footprints.forEach((f, i) => {
    same(got[i][1], want.get(f.id) || '–', `${when}, rating of ${f.id}`);
    same(String(scores.now.footprints.find(s => s.id === f.id).rating || ''), want.get(f.id) || '', `${when}, scores() of ${f.id}`);
  });
  const counts = await page.$$eval('#rated tbody tr', rows => rows.map(r => +r.cells[2].textContent));
  same(counts.reduce((a, b) => a + b), want.size, when + ', footprints by rating');
}

// Tools of the map, by mouse: paint, a broad brush, lock, ask, undo and redo.
async function theTools(page, began) {
  await toolTo(page, 'paint');
  const spot = (await spots(page)).find(Boolean), target = (await ask(page, 'state')).footprints[3];
  await take(page, 'target', target.id);
  await page.mouse.click(spot.x, spot.y);
  await settled(page);
  const moved = await ask(page, 'partition');
  check(moved !== began, 'a click paints nothing');
  await page.waitForTimeout(300);
  await has(page, '#under', new RegExp(`in .*\\(${target.id}\\)`), 'under the pointer after painting');
  await click(page, 'undo');
  same(await ask(page, 'partition'), began, 'after Undo');
  check(await page.isDisabled('#undo'), 'Undo is not disabled at the start');
  await click(page, 'redo');
  same(await ask(page, 'partition'), moved, 'after Redo');
  check(await page.isDisabled('#redo'), 'Redo is not disabled at the end');
  await click(page, 'undo');
  same(await (await ask(page, 'redo'), ask(page, 'partition')), moved, 'redo()');
  await ask(page, 'undo');
  driven.add('size');
  await page.focus('#size');
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  await has(page, '#sizeText', /^60 pixels$/, 'the brush');
  const box = await page.locator('#map').boundingBox();
  await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.4);
  await page.mouse.down();
  for (let i = 0; i < 8; i++) await page.mouse.move(box.x + box.width * (0.45 + i / 80), box.y + box.height * (0.4 + i / 40));
  await page.mouse.up();
  await settled(page);
  const was = new Map(table(began).map(r => [r.kind + r.code, r.footprint])), now = await places(page);
  const changed = now.filter(r => was.get(r.kind + r.code) !== r.footprint);
  check(changed.length >= 3 && changed.every(r => r.footprint === target.id), `a broad stroke moved ${changed.length} places`);
  await click(page, 'undo');
  same(await ask(page, 'partition'), began, 'one Undo takes a stroke back');
  for (let i = 0; i < 12; i++) { await page.focus('#size'); await page.keyboard.press('ArrowLeft'); }
  await toolTo(page, 'lock');
  await page.mouse.click(spot.x, spot.y);
  await settled(page);
  same((await ask(page, 'state')).locked, 1, 'locked by a click');
  await toolTo(page, 'paint');
  await page.mouse.click(spot.x, spot.y);
  await settled(page);
  same(await ask(page, 'partition'), began, 'what is locked does not move');
  await toolTo(page, 'ask');
  await page.mouse.click(spot.x, spot.y);
  await settled(page);
  check(await page.isVisible('#places'), 'Ask does not open the list');
  const answer = await has(page, '#answer', /%|patients/, 'the answer');
  check(answer.includes(spot.name), 'the answer is about another place: ' + answer);
  same((await ask(page, 'why', (now.find(r => r.name === spot.name) || now[0]).code)).sentences.length > 0, true, 'why()');
}

// The view: move, zoom and layers change what is drawn, and nothing else.
async function theView(page, began) {
  await click(page, 'zoomAll');
  const first = await drawn(page), box = await page.locator('#map').boundingBox();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  for (const [what, run] of [
    ['zoom in', () => click(page, 'zoomIn')], ['zoom out', () => click(page, 'zoomOut')],
    ['the wheel', async () => { await page.mouse.move(...middle); await page.mouse.wheel(0, -300); }],
    ['moving the map', async () => { await toolTo(page, 'pan'); await page.mouse.move(...middle); await page.mouse.down(); await page.mouse.move(middle[0] + 60, middle[1] + 40, {steps: 4}); await page.mouse.up(); }],
  ]) {
    await run();
    check(await until(page, () => drawn(page), x => x !== first) !== first, what + ' changes nothing on the map');
    await click(page, 'zoomAll');
    same(await until(page, () => drawn(page), x => x === first), first, 'the whole map after ' + what);
  }
  await toolTo(page, 'paint');
  for (const id of ['patterns', 'names', 'points']) {
    await click(page, id);
    check(await until(page, () => drawn(page), x => x !== first) !== first, id + ' changes nothing on the map');
    await click(page, id);
    same(await until(page, () => drawn(page), x => x === first), first, id + ' switched back');
  }
  same(await ask(page, 'partition'), began, 'the view changes the map');
}

// Places: find, move, lock and ask by the list.
async function thePlaces(page) {
  await click(page, 'tab-places');
  const all = await places(page), area = all.filter(r => r.kind === 'area')[7], other = (await ask(page, 'state')).footprints.find(f => f.id !== area.footprint);
  await fill(page, 'find', area.name.split(' ')[0] + ' ' + area.code);
  const list = () => page.locator('#found option').allInnerTexts();
  same(await until(page, list, l => l.length === 1), [`${area.name} – ${area.footprint}`], 'found');
  await has(page, '#foundCount', /^1 place\.$/, 'the number found');
  const choose = async () => { driven.add('found'); await page.selectOption('#found', {index: 0}); };
  const option = async () => (await page.locator('#found option').allInnerTexts())[0];
  await choose();
  await take(page, 'into', other.id);
  await click(page, 'whyFound');
  await has(page, '#answer', new RegExp(area.name.split(' ')[0]), 'why here');
  await choose();
  await click(page, 'whyNotFound');
  await has(page, '#answer', new RegExp(`${other.id}|${other.name.slice(0, 8)}`), 'why not there');
  await choose();
  await click(page, 'moveFound');
  same(await until(page, option, t => t.endsWith(other.id)), `${area.name} – ${other.id}`, 'the list after a move');
  await choose();
  await click(page, 'lockFound');
  check(/, locked$/.test(await until(page, option, t => / locked$/.test(t))), 'the list does not say locked');
  await choose();
  await click(page, 'unlockFound');
  check(!/, locked$/.test(await until(page, option, t => !/ locked$/.test(t))), 'the list still says locked');
  const members = (await places(page)).filter(r => r.footprint === other.id).length;
  await click(page, 'lockFootprint');
  same((await ask(page, 'state')).locked, members, 'places of a locked footprint');
  await click(page, 'unlockAll');
  await click(page, 'lockOthers');
  same((await ask(page, 'state')).locked, all.length - members, 'places of all other footprints');
  await click(page, 'unlockAll');
  same((await ask(page, 'state')).locked, 0, 'places locked after Unlock all');
  await ask(page, 'lock', area.code, true);
  same((await ask(page, 'state')).locked, 1, 'lock()');
  await ask(page, 'lock', area.code, false);
  const footprints = (await ask(page, 'state')).footprints.length;
  await click(page, 'addFootprint');
  const fresh = await page.inputValue('#into');
  check(!all.some(r => r.footprint === fresh), 'the new footprint is an old one: ' + fresh);
  await choose();
  await click(page, 'moveFound');
  same((await ask(page, 'state')).footprints.length, footprints + 1, 'footprints after the first move into a new one');
}

// Suggestions and mending.
async function theIdeas(page) {
  await click(page, 'tab-ideas');
  const rows = await places(page), ids = (await ask(page, 'state')).footprints.map(f => f.id);
  for (let i = 0; i < 12; i++) await ask(page, 'move', rows[i * 11].code, ids[(i * 5 + 3) % ids.length], rows[i * 11].kind);
  await click(page, 'suggest');
  await page.waitForFunction(() => document.querySelector('#moves li button'));
  const lines = await page.locator('#moves li').allInnerTexts();
  check(lines.length > 0 && lines.length <= 10, `${lines.length} suggestions`);
  same(lines.length, (await ask(page, 'suggest')).length, 'suggestions on the page, and of suggest()');
  const gain = +lines[0].match(/\(([\d.]+)% of all\)/)[1], before = (await ask(page, 'state')).inside_share;
  await page.locator('#moves li button').first().click();
  await settled(page);
  const rise = 100 * ((await ask(page, 'state')).inside_share - before);
  check(Math.abs(rise - gain) < 0.011, `a suggestion says ${gain}%, and brings ${rise}%`);
  same(await page.locator('#moves li').count(), lines.length - 1, 'suggestions left');
  const pieces = async () => (await ask(page, 'state')).footprints.filter(f => f.contiguous === false).length;
  check(await pieces() > 0, 'no footprint is in pieces: nothing to mend');
  await click(page, 'tab-figures');
  check((await page.$$eval('#list td.piece', all => all.map(c => c.textContent))).includes('several'), 'the list does not say several');
  await click(page, 'tab-ideas');
  await click(page, 'mendPieces');
  await has(page, '#status', /places? moved\.|Nothing could be mended/, 'mending is said');
  same(await pieces(), 0, 'footprints in pieces after mending');
  const people = s => s.breaches.filter(b => /population/.test(b.demand)).length, unmet = people(await ask(page, 'state'));
  check(unmet > 0, 'people are within bounds: nothing to mend');
  await click(page, 'mendPeople');
  check(people(await ask(page, 'state')) < unmet, 'mending brings no people within bounds');
  await ask(page, 'undo');
  same(people(await ask(page, 'state')), unmet, 'mending is taken back');
  await ask(page, 'mend', 'people');
  check(people(await ask(page, 'state')) < unmet, 'mend() brings no people within bounds');
}

// Changes in words, and maps kept under names.
async function theMaps(page, began) {
  const [row] = await places(page), other = (await ask(page, 'state')).footprints.find(f => f.id !== row.footprint);
  await click(page, 'tab-changes');
  await has(page, '#movedCount', /^Every place lies where it lay/, 'no changes');
  await ask(page, 'move', row.code, other.id, row.kind);
  await page.waitForTimeout(300);
  await has(page, '#movedCount', /^1 place lie/, 'changes');
  await has(page, '#moved', new RegExp(`${row.name.split(' ')[0]}.*: from .*${row.footprint}.* to .*${other.id}`), 'a change in words');
  await click(page, 'tab-options');
  await fill(page, 'optionName', 'Plan <b>B</b>');
  await page.click('#keep button');
  await settled(page);
  await page.waitForTimeout(200);
  await has(page, '#kept', /Now\s+Plan <b>B<\/b>/, 'the kept map');
  const plan = await ask(page, 'partition');
  await ask(page, 'undo');
  same(await ask(page, 'partition'), began, 'undone');
  await page.click('#kept button');
  await settled(page);
  same(await ask(page, 'partition'), plan, 'Take');
  await ask(page, 'option', 'C');
  await ask(page, 'undo');
  same((await ask(page, 'restore', 'C')).footprints.length > 0 && await ask(page, 'partition'), plan, 'restore()');
  const cells = await page.$$eval('#kept tbody tr', rows => rows.slice(0, 4).map(r => [...r.cells].slice(1).map(c => c.textContent)));
  check(cells.every(c => c[0] === c[1]), 'equal maps have other figures side by side: ' + JSON.stringify(cells));
}

// The dialog of re-clustering.
async function theReclustering(page, began) {
  await click(page, 'openRecluster');
  await has(page, '#reclusterWhat', /Nothing is locked/, 'the dialog');
  await page.click('#recluster button[value=cancel]');
  same(await ask(page, 'partition'), began, 'Cancel');
  const [row] = await places(page);
  await ask(page, 'lock', row.code, true, row.kind);
  for (const [how, id, value] of [['gamma', 'gamma', 3], ['number', 'number', (await ask(page, 'state')).footprints.length - 2]]) {
    await click(page, 'openRecluster');
    await has(page, '#reclusterWhat', /^1 place of \d+ are? locked|^1 place of \d+ is locked/, 'the dialog');
    driven.add('how ' + how);
    await page.check(`input[name=how][value=${how}]`);
    await fill(page, id, value);
    await fill(page, 'seed', 5);
    await page.click('#recluster button[value=go]');
    await page.waitForFunction(() => /^Done: /.test(document.getElementById('status').textContent), null, {timeout: 60000});
    const now = await ask(page, 'partition'), n = (await ask(page, 'state')).footprints.length;
    check(now !== began, `nothing is clustered by ${how}`);
    await has(page, '#headline', new RegExp(`Footprints\\s*${n}\\s`), 'the headline');
    if (how === 'number') same(n, value, 'footprints asked for');
    await ask(page, 'undo');
    same(await ask(page, 'partition'), began, 'a re-clustering undone');
    await ask(page, 'recluster', how === 'number' ? {footprints: value, seed: 5} : {resolution: value, seed: 5});
    same(await ask(page, 'partition'), now, `recluster() by ${how}, and the dialog`);
    await ask(page, 'undo');
  }
}

const savedFile = async (page, id) => {
  const [file] = await Promise.all([page.waitForEvent('download', {timeout: 20000}), click(page, id)]);
  await file.saveAs(inWork(file.suggestedFilename()));
  return inWork(file.suggestedFilename());
};
const ringArea = ring => { let sum = 0; for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1]; return sum / 2; };
const areaOf = collection => collection.features.flatMap(f => f.geometry ? (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates) : []).reduce((sum, rings) => sum + Math.abs(ringArea(rings[0])) - rings.slice(1).reduce((s, r) => s + Math.abs(ringArea(r)), 0), 0);

// Files that are saved, and what is read back.
async function theSaving(page, began) {
  const [row] = await places(page), other = (await ask(page, 'state')).footprints.find(f => f.id !== row.footprint);
  await ask(page, 'move', row.code, other.id, row.kind);
  const now = await ask(page, 'partition'), state = await ask(page, 'state');
  await click(page, 'openSave');
  await has(page, '#privacy', /^This page holds/, 'privacy');
  same(fs.readFileSync(await savedFile(page, 'savePartition'), 'utf8'), now, 'partition.csv');
  const session = await savedFile(page, 'saveSession');
  same(fs.readFileSync(session, 'utf8'), await ask(page, 'session'), 'session.jsonl');
  same(tool('replay', '--session', session, '-o', '-'), now, 'the replay of the saved session');
  const geo = JSON.parse(fs.readFileSync(await savedFile(page, 'saveGeo'), 'utf8'));
  same(geo.features.map(f => f.id), state.footprints.map(f => f.id), 'footprints.geojson');
  for (const f of geo.features) {
    same(f.properties.population, state.footprints.find(x => x.id === f.id).population, 'people of ' + f.id);
    for (const rings of f.geometry ? f.geometry.coordinates : []) rings.forEach((ring, i) => {
      same(ring[0], ring[ring.length - 1], 'a ring of ' + f.id + ' is closed');
      check(ring.length >= 4 && (ringArea(ring) > 0) === (i === 0), 'a ring of ' + f.id + ' turns the wrong way');
    });
  }
  const whole = areaOf(JSON.parse(fs.readFileSync(options.boundaries, 'utf8'))), saved = areaOf(geo);
  check(Math.abs(saved / whole - 1) < 0.002, `footprints.geojson covers ${saved}, the areas ${whole}`);
  const png = fs.readFileSync(await savedFile(page, 'savePicture'));
  check(png.subarray(1, 4).toString() === 'PNG' && png.length > 20000 && png.readUInt32BE(16) > 400, `map.png has ${png.length} bytes`);
  await page.click('#save button[value=close]');
  await ask(page, 'undo');
  await click(page, 'openSave');
  driven.add('loadSession');
  await page.setInputFiles('#loadSession', session);
  const stays = () => page.evaluate(`document.getElementById('save').open`);
  check(!await until(page, stays, x => !x), 'the dialog stays open');
  same(await ask(page, 'partition'), now, 'a session that was opened');
  await click(page, 'openSave');
  fs.writeFileSync(inWork('bad.jsonl'), '{"stpmap":1}\nnonsense\n');
  await page.setInputFiles('#loadSession', inWork('bad.jsonl'));
  await page.waitForFunction(() => document.querySelector('#status.bad'));
  same(await ask(page, 'partition'), now, 'a file that is no session changes nothing');
  check(await ask(page, 'load', 'nonsense').then(() => false, () => true), 'load() takes nonsense');
  await click(page, 'startAgain');
  same(await ask(page, 'partition'), began, 'Start again');
  await ask(page, 'load', fs.readFileSync(session, 'utf8'));
  same(await ask(page, 'partition'), now, 'load()');
}

async function theHelp(page) {
  await click(page, 'openHelp');
  await has(page, '#help', /Arrow keys[^]*Ctrl\+Z/, 'help');
  await page.keyboard.press('Escape');
  check(!await page.evaluate(`document.getElementById('help').open`), 'Escape leaves help open');
}

// Keys: the skip link, the tabs, and those of the map that the story leaves out.
async function theKeys(page, began) {
  await page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)');
  driven.add('skip');
  await page.focus('a.skip');
  await page.keyboard.press('Enter');
  check(await page.evaluate(`document.activeElement.id === 'panel' || location.hash === '#panel'`), 'the skip link leads nowhere');
  await page.focus('#tab-figures');
  for (const want of ['places', 'ideas', 'changes', 'options', 'figures']) {
    await page.keyboard.press('ArrowRight');
    check(await page.isVisible('#' + want), 'the arrow key does not open ' + want);
  }
  await page.focus('#map');
  const first = await drawn(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('f');
  await has(page, '#status', /^Painting into /, 'F');
  await page.keyboard.press('?');
  await settled(page);
  check(await page.isVisible('#places') && (await shown(page, '#answer')).length > 20, 'the key ? answers nothing');
  await page.focus('#map');
  await page.keyboard.press('+');
  check(await until(page, () => drawn(page), x => x !== first) !== first, 'the key + does not zoom');
  await page.keyboard.press('-');
  same(await ask(page, 'partition'), began, 'these keys change the map');
}

// Work goes on when the page is opened again in the same browser.
async function theReopening(page, began) {
  const [row] = await places(page), other = (await ask(page, 'state')).footprints.find(f => f.id !== row.footprint);
  await ask(page, 'move', row.code, other.id, row.kind);
  await page.waitForTimeout(1200);
  const now = await ask(page, 'partition'), again = await page.context().newPage();
  await again.goto('file://' + path.resolve(file));
  await again.waitForFunction(() => window.READY);
  same(await driver(again, 'partition'), now, 'the page opened again');
  await has(again, '#status', /Your work in this browser goes on/, 'the page opened again');
  await driver(again, 'undo');
  same(await driver(again, 'partition'), began, 'undo in the page opened again');
  await again.close();
}

// The page in dark colours, and where there is little room.
async function theLook(page) {
  const light = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
  await page.emulateMedia({colorScheme: 'dark'});
  const dark = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
  check(light !== dark && +dark.match(/\d+/)[0] < 60, `the dark page is ${dark}`);
  await page.emulateMedia({colorScheme: 'light'});
  for (const width of [320, 390, 768, 1280]) {
    await page.setViewportSize({width, height: 800});
    await page.waitForTimeout(150);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    check(wide <= width, `the page is ${wide} pixels wide at ${width}`);
    const cut = await page.$$eval('header *, .bar button, .bar span', all => all.filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map(e => e.textContent.slice(0, 40)));
    same(cut, [], 'clipped words at ' + width);
  }
  await page.setViewportSize({width: 1400, height: 900});
}

// hostile: names that try to be markup, scripts or formulas are text wherever the
// page shows them, once its engine runs. names is a JSON file of code: name.
async function hostile() {
  const names = JSON.parse(fs.readFileSync(options.names, 'utf8')), page = await open(), flat = s => s.replace(/\s+/g, ' ').trim();
  page.on('dialog', d => { check(false, 'a dialog: ' + d.message()); d.dismiss(); });
  const clean = async where => same(await page.evaluate(() => [document.documentElement.id === 'pwned', document.body.innerText.includes('1370974'),
    document.querySelectorAll('body script').length, document.querySelectorAll('body :is(img, iframe, object, embed, style, base, link, meta, [href^="javascript"], [onerror], [onload], [onmouseover])').length]), [false, false, 2, 0], where);
  await clean('as it opens');
  const title = flat(options.title || '');
  if (title) same(flat(await page.textContent('#title')), title, 'the title');
  await page.click('#tab-places');
  const codes = Object.keys(names);
  for (const some of new Set(codes.map(c => c.slice(0, 2)))) {
    await page.fill('#find', some);
    await page.waitForTimeout(80);
    const found = new Map(await page.$$eval('#found option', all => all.map(o => [o.value, o.textContent])));
    const rows = (await page.evaluate('stpmap.partition()').then(table)).map((r, v) => [r.code, String(v)]);
    for (const [code, v] of rows.filter(([code]) => code.startsWith(some))) check(found.has(v) && flat(found.get(v)).startsWith(flat(names[code])), `${code} is “${flat(found.get(v) || '')}”, not “${flat(names[code])}”`);
    await clean('the list of ' + some);
  }
  const ids = (await driver(page, 'state')).footprints.map(f => f.id), many = codes.filter(c => /[<>"'&{=\\]/.test(names[c]));
  for (let i = 0; i < many.length; i += Math.ceil(many.length / 25)) {
    const code = many[i];
    await page.fill('#find', code);
    await page.waitForTimeout(60);
    await page.selectOption('#found', {index: 0});
    await page.selectOption('#into', ids[i % ids.length]);
    await page.click('#whyNotFound');
    await settled(page);
    check(flat(await page.textContent('#answer')).length > 10, 'no answer about ' + code);
    await page.click('#moveFound');
    await settled(page);
    await clean('the answer about ' + code);
    await page.click('#tab-options');
    await page.fill('#optionName', names[code].slice(0, 60) || code);
    await page.click('#keep button');
    await settled(page);
    await clean('a map kept as ' + code);
    await page.click('#tab-places');
  }
  await page.click('#tab-changes');
  await page.waitForTimeout(300);
  const told = flat(await page.textContent('#moved'));
  check(many.some(c => names[c].includes('<') && told.includes(flat(names[c]))), 'no change is told by its name');
  await clean('the changes');
  await page.click('#tab-ideas');
  await page.click('#suggest');
  await page.waitForFunction(() => document.querySelector('#moves li'));
  await clean('the suggestions');
  await page.focus('#map');
  for (let i = 0; i < 40; i++) { await page.keyboard.press(['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp'][i % 4]); await page.waitForTimeout(20); }
  await settled(page);
  const under = flat(await page.textContent('#under strong'));
  check(codes.some(c => flat(names[c]) === under), `under the cursor lies “${under}”, which is no name`);
  await page.click('#tab-figures');
  await clean('the figures');
  console.log(`${codes.length} names are text in the page, with its engine running`);
}

async function axe() {
  const source = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  let looked = 0;
  for (const settings of [{}, {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true}, {colorScheme: 'dark'}]) {
    const page = await open(settings);
    await page.evaluate(source);
    const look = async where => {
      looked++;
      const found = await page.evaluate(() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
      for (const v of found.violations) check(false, `${where}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')}`);
    };
    await driver(page, 'option', 'A');
    for (const tab of ['figures', 'places', 'ideas', 'changes', 'options']) {
      await page.click('#tab-' + tab);
      if (tab === 'ideas') { await page.click('#suggest'); await page.waitForFunction(() => document.querySelector('#moves li')); }
      await page.waitForTimeout(200);
      await look(tab);
    }
    for (const name of ['Recluster', 'Save', 'Help']) {
      await page.click('#open' + name);
      await look(name);
      await page.keyboard.press('Escape');
    }
  }
  console.log(looked + ' views without fault');
}

// times: how long a person waits, in the page: to the figures, and to the picture of
// a stroke; on a busy machine the least is nearest to the truth. Then the engine's own work, as CPU time, outside a browser.
async function times() {
  const opened = [];
  let page;
  for (let i = 0; i < +(options.openings || 5); i++) { if (page) await page.context().close(); page = await open(); opened.push(page.opened); }
  await page.waitForTimeout(4000); // the engine warms itself
  const found = await page.evaluate(async n => {
    const rows = (await stpmap.partition()).trim().split('\n').slice(1).map(r => r.split(',').slice(0, 2)).filter(r => r[0] === 'area');
    const ids = (await stpmap.state()).footprints.map(f => f.id), times = {stroke: [], picture: [], undo: [], recluster: [], suggest: []};
    const timed = async (list, run) => { const t = performance.now(); await run(); list.push(performance.now() - t); return t; };
    const drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done))), rest = async () => { await drawn(); await new Promise(done => setTimeout(done, 20)); };
    for (let i = 0; i < n; i++) {
      const began = await timed(times.stroke, () => stpmap.move(rows[(i * 7919) % rows.length][1], ids[(i * 31) % ids.length]));
      await drawn();
      times.picture.push(performance.now() - began);
      await rest();
      if (i % 2) { await timed(times.undo, () => stpmap.undo()); await rest(); }
    }
    for (let i = 0; i < 12; i++) { await stpmap.lock(rows[i * 3][1], true); await timed(i < 2 ? [] : times.recluster, () => stpmap.recluster({resolution: 5, seed: i})); }
    for (let i = 0; i < 6; i++) await timed(i ? times.suggest : [], () => stpmap.suggest());
    return times;
  }, +(options.strokes || 200));
  found.opening = opened;
  const limits = Object.fromEntries((options.limits || '').split(',').filter(Boolean).map(x => x.split(':')));
  const show = (name, list, what) => {
    const s = [...list].sort((a, b) => a - b), at = q => s[Math.max(0, Math.min(s.length - 1, Math.ceil(q * s.length) - 1))];
    console.log(`${options.name || ''} ${name} (${what}): median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, least ${s[0].toFixed(1)} ms, ${s.length} times`);
    if (limits[name]) check(at(0.5) <= +limits[name], `${name} takes ${at(0.5).toFixed(1)} ms, and ${limits[name]} are wanted`);
  };
  for (const name of ['opening', 'stroke', 'picture', 'undo', 'recluster', 'suggest']) show(name, found[name], 'page, waiting');
  for (const [name, list] of Object.entries(await engineTimes())) show(name, list, 'engine, CPU');
  const bytes = fs.statSync(file).size;
  console.log(`${options.name || ''} page: ${(bytes / 1e6).toFixed(2)} MB`);
  if (options.bytes) check(bytes <= +options.bytes, `the page has ${bytes} bytes, and ${options.bytes} are wanted`);
}

// engineTimes runs the page's own engine here, and counts this process's CPU time.
async function engineTimes() {
  const html = fs.readFileSync(file, 'utf8'), block = id => html.match(new RegExp(`id="${id}">([^]*?)</script>`))[1];
  const unpack = id => require('zlib').gunzipSync(Buffer.from(block(id), 'base64'));
  (0, eval)(block('workerText').split('// The worker: the engine')[0]);
  const go = new Go(), times = {open: [], move: [], undone: [], recluster: [], much: [], number: [], suggest: []};
  const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
  const timed = (list, run) => { const t = cpu(); const x = run(); list.push(cpu() - t); return x; };
  const ready = new Promise(done => { globalThis.engineReady = done; });
  go.run((await WebAssembly.instantiate(unpack('engineData'), go.importObject)).instance);
  await ready;
  const data = new Uint8Array(unpack('caseData'));
  timed(times.open, () => engine.open(data));
  const ask = (name, args) => { const x = JSON.parse(engine.call(name, JSON.stringify(args || {}))); if (x.error) throw new Error(x.error); return x.ok; };
  const info = ask('info');
  ask('warm');
  for (let i = 0; i < 120; i++) {
    const v = (i * 7919) % info.areas;
    timed(i < 20 ? [] : times.move, () => ask('move', {code: info.places[v][1], kind: 'area', footprint: info.ids[(i * 31) % info.ids.length]}));
    if (i % 2) timed(i < 20 ? [] : times.undone, () => ask('do', {op: 'undo'}));
  }
  for (let i = 0; i < 6; i++) timed(i ? times.suggest : [], () => ask('suggest'));
  for (let i = 0; i < 5; i++) timed([], () => ask('warm', {from: i})); // as the page does
  for (let i = 0; i < 27; i++) {
    ask('lock', {code: info.places[i * 3][1], kind: 'area', on: true});
    const much = !i || i === 14, step = {op: 'recluster', resolution: i < 14 ? 5 : 4.5, seed: i + 1};
    timed(much ? times.much : times.recluster, () => ask('do', step));
  }
  for (let i = 0; i < 5; i++) timed(i ? times.number : [], () => ask('do', {op: 'recluster', footprints: info.state.footprints.length, seed: i + 1}));
  return Object.fromEntries(Object.entries(times).filter(([, list]) => list.length));
}

async function picture() {
  const page = await open({viewport: {width: +(options.width || 1400), height: +(options.height || 900)}, ...(options.dark ? {colorScheme: 'dark'} : {}), ...(options.touch ? {hasTouch: true, isMobile: true} : {})});
  if (options.do) console.log(JSON.stringify(await page.evaluate(options.do)));
  if (options.hover) { await page.mouse.move(...options.hover.split(',').map(Number)); await settled(page); }
  await page.waitForTimeout(500);
  await page.screenshot({path: options.out});
}

const steps = {operations, controls, hostile, recluster, story, axe, times, picture};
(async () => {
  if (!steps[step]) throw new Error('no step ' + step);
  await steps[step]();
  await browser.close();
  fs.rmSync(work, {recursive: true, force: true});
  for (const f of faults.slice(0, 20)) console.log('FAULT ' + f);
  if (faults.length > 20) console.log(`and ${faults.length - 20} more`);
  process.exit(faults.length ? 1 : 0);
})().catch(error => { console.error(error, faults.slice(0, 5)); process.exit(2); });
