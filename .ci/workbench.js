// node workbench.js STEP PAGE [NAME=VALUE…]: drives a page of the workbench in
// Chromium, and ends with status 1 where something does not hold. Steps:
//
//   operations  ops=N flows=F boundaries=B: N random operations through the page's
//               controls and through window.stpmap; after each hundred the figures
//               are those that the command computes; replay gives the same bytes;
//               undo to the start gives the start
//   recluster   flows=F boundaries=B k=K: as cluster, without and with locks
//   story       the whole story by keyboard alone; then by touch at 390 pixels
//   axe         no fault by axe, on each tab and in each dialog
//   times       name=M: medians and 95th percentiles, with limits=stroke:16,… where asked
//   picture     out=FILE.png [width=W] [height=H] [do=JS]
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

async function axe() {
  const source = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  let looked = 0;
  for (const settings of [{}, {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true}]) {
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

// times: how long a person waits, in the page; on a busy machine the least is
// nearest to the truth. Then the engine's own work, as CPU time, outside a browser.
async function times() {
  const opened = [];
  let page;
  for (let i = 0; i < +(options.openings || 5); i++) { if (page) await page.context().close(); page = await open(); opened.push(page.opened); }
  await page.waitForTimeout(500);
  const found = await page.evaluate(async n => {
    const rows = (await stpmap.partition()).trim().split('\n').slice(1).map(r => r.split(',').slice(0, 2)).filter(r => r[0] === 'area');
    const ids = (await stpmap.state()).footprints.map(f => f.id), times = {stroke: [], undo: []};
    const timed = async (list, run) => { const t = performance.now(); await run(); list.push(performance.now() - t); };
    for (let i = 0; i < n; i++) {
      await timed(times.stroke, () => stpmap.move(rows[(i * 7919) % rows.length][1], ids[(i * 31) % ids.length]));
      if (i % 2) await timed(times.undo, () => stpmap.undo());
      await new Promise(done => setTimeout(done, 5));
    }
    return times;
  }, +(options.strokes || 200));
  found.opening = opened;
  const limits = Object.fromEntries((options.limits || '').split(',').filter(Boolean).map(x => x.split(':')));
  const show = (name, list, what) => {
    const s = [...list].sort((a, b) => a - b), at = q => s[Math.max(0, Math.min(s.length - 1, Math.ceil(q * s.length) - 1))];
    console.log(`${options.name || ''} ${name} (${what}): median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, least ${s[0].toFixed(1)} ms, ${s.length} times`);
    if (limits[name]) check(at(0.5) <= +limits[name], `${name} takes ${at(0.5).toFixed(1)} ms, and ${limits[name]} are wanted`);
  };
  for (const name of ['opening', 'stroke', 'undo']) show(name, found[name], 'page, waiting');
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
  const go = new Go(), times = {open: [], move: [], undone: [], recluster: [], number: [], suggest: []};
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
  timed(times.suggest, () => ask('suggest'));
  for (let i = 0; i < 7; i++) {
    ask('lock', {code: info.places[i * 3][1], kind: 'area', on: true});
    timed(i ? times.recluster : [], () => ask('do', {op: 'recluster', resolution: 5, seed: i + 1}));
  }
  if (options.number !== 'no') timed(times.number, () => ask('do', {op: 'recluster', footprints: info.state.footprints.length, seed: 1}));
  return Object.fromEntries(Object.entries(times).filter(([, list]) => list.length));
}

async function picture() {
  const page = await open({viewport: {width: +(options.width || 1400), height: +(options.height || 900)}, ...(options.touch ? {hasTouch: true, isMobile: true} : {})});
  if (options.do) console.log(JSON.stringify(await page.evaluate(options.do)));
  await page.waitForTimeout(500);
  await page.screenshot({path: options.out});
}

const steps = {operations, recluster, story, axe, times, picture};
(async () => {
  if (!steps[step]) throw new Error('no step ' + step);
  await steps[step]();
  await browser.close();
  fs.rmSync(work, {recursive: true, force: true});
  for (const f of faults.slice(0, 20)) console.log('FAULT ' + f);
  if (faults.length > 20) console.log(`and ${faults.length - 20} more`);
  process.exit(faults.length ? 1 : 0);
})().catch(error => { console.error(error, faults.slice(0, 5)); process.exit(2); });
