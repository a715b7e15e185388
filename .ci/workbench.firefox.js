// node workbench-firefox.js PAGE: the workbench in Debian's Firefox, driven over its
// own protocol (Marionette): the engine starts, a stroke and a move change the
// figures, undo takes them back, re-clustering ends, and the console is empty.
'use strict';
const fs = require('fs'), net = require('net'), os = require('os'), path = require('path');
const {spawn} = require('child_process');
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'firefox')), faults = [], page = 'file://' + path.resolve(process.argv[2]);
const check = (ok, text) => { if (!ok) faults.push(text); };
const wait = ms => new Promise(done => setTimeout(done, ms));

const freePort = () => new Promise(done => { const s = net.createServer().listen(0, '127.0.0.1', () => { const {port} = s.address(); s.close(() => done(port)); }); });
async function connect(port) {
  for (let i = 0; i < 600; i++, await wait(100)) {
    const socket = await new Promise(done => { const s = net.connect(port, '127.0.0.1', () => done(s)); s.on('error', () => done(null)); });
    if (socket) return socket;
  }
  throw new Error('Firefox does not start');
}

// marionette answers each command: LENGTH:[0, id, name, values], and [1, id, error, result].
function marionette(socket) {
  let held = Buffer.alloc(0), last = 0;
  const calls = new Map();
  socket.on('data', data => {
    held = Buffer.concat([held, data]);
    for (;;) {
      const colon = held.indexOf(58), size = +held.subarray(0, colon).toString();
      if (colon < 0 || held.length < colon + 1 + size) return;
      const message = JSON.parse(held.subarray(colon + 1, colon + 1 + size).toString());
      held = held.subarray(colon + 1 + size);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message, call = calls.get(id);
      if (error) call.failed(new Error(error.message)); else call.done(result && 'value' in result ? result.value : result);
    }
  });
  return (name, values = {}) => new Promise((done, failed) => {
    const id = ++last, text = JSON.stringify([0, id, name, values]);
    calls.set(id, {done, failed});
    socket.write(Buffer.byteLength(text) + ':' + text);
  });
}

async function main() {
  const port = await freePort();
  fs.writeFileSync(path.join(profile, 'user.js'), `user_pref("marionette.port", ${port});\nuser_pref("datareporting.policy.dataSubmissionEnabled", false);\nuser_pref("app.update.enabled", false);\n`);
  const firefox = spawn(process.env.FIREFOX || 'firefox-esr', ['--headless', '--marionette', '--no-remote', '--remote-allow-system-access', '--profile', profile, '--window-size', '1280,800'], {stdio: 'ignore'});
  try {
    const send = marionette(await connect(port));
    const {capabilities} = await send('WebDriver:NewSession', {capabilities: {alwaysMatch: {timeouts: {script: 120000}}}});
    const run = (script, ...args) => send('WebDriver:ExecuteAsyncScript', {script: `const done = arguments[arguments.length - 1], args = arguments; (async () => { ${script} })().then(done, e => done({error: String(e)}));`, args});
    await send('WebDriver:Navigate', {url: page});
    const ready = await run('for (let i = 0; i < 600 && !window.READY && !window.FAILED; i++) await new Promise(d => setTimeout(d, 100)); return [!!window.READY, window.FAILED || ""];');
    check(ready[0], 'the page does not open: ' + JSON.stringify(ready));
    const call = (name, ...args) => run('const s = window.stpmap; return JSON.parse(JSON.stringify(await s[args[0]](...Array.from(args).slice(1, -1))));', name, ...args);
    const headline = () => run('return document.getElementById("headline").textContent;');
    const began = await call('partition'), first = await headline(), state = await call('state');
    const [kind, code, , footprint] = began.split('\n')[1].match(/("([^"]|"")*"|[^,]*)(,|$)/g).map(x => x.replace(/,$/, ''));
    const other = state.footprints.find(f => f.id !== footprint);
    const moved = await call('move', code, other.id, kind);
    check(moved.inside_share !== state.inside_share, 'a move changes no figure');
    check(await headline() !== first, 'a move does not show');
    await call('undo');
    check(await headline() === first, 'undo does not show');
    // A click on the map, in the middle of what is drawn.
    const box = await run('const b = document.getElementById("map").getBoundingClientRect(); const t = document.getElementById("target"); t.selectedIndex = 4; t.dispatchEvent(new Event("change")); return [b.left, b.top, b.width, b.height];');
    for (let i = 0; i < 12 && await call('partition') === began; i++) {
      const x = Math.round(box[0] + box[2] * (0.4 + 0.02 * i)), y = Math.round(box[1] + box[3] * (0.35 + 0.03 * i));
      await send('WebDriver:PerformActions', {actions: [{type: 'pointer', id: 'mouse', parameters: {pointerType: 'mouse'}, actions: [{type: 'pointerMove', x, y}, {type: 'pointerDown', button: 0}, {type: 'pointerUp', button: 0}]}]});
      await wait(200);
    }
    check(await call('partition') !== began, 'a click does not paint');
    while ((await call('undo')).can_undo);
    check(await call('partition') === began, 'undo to the start does not give the start');
    const again = await call('recluster', {footprints: state.footprints.length - 2, seed: 1});
    check(again.footprints && again.footprints.length === state.footprints.length - 2, 'it does not re-cluster: ' + JSON.stringify(again).slice(0, 200));
    if (process.argv[3]) fs.writeFileSync(process.argv[3], Buffer.from(await send('WebDriver:TakeScreenshot', {full: false, hash: false}), 'base64'));
    await send('Marionette:SetContext', {value: 'chrome'});
    const said = await run('return Services.console.getMessageArray().map(m => { try { m.QueryInterface(Ci.nsIScriptError); return [m.sourceName, m.errorMessage, m.category]; } catch { return ["", String(m.message), ""]; } });');
    for (const [where, text] of said) if (/^(file|blob):/.test(where)) check(false, 'on the console: ' + text);
    console.log(`Firefox ${capabilities.browserVersion}: opened, painted, undone and re-clustered; ${said.length} messages of the browser itself`);
    await send('Marionette:Quit', {flags: ['eForceQuit']}).catch(() => {});
  } finally {
    firefox.kill();
  }
}

main().catch(error => faults.push(String(error))).then(() => {
  for (const f of faults) console.log('FAULT ' + f);
  fs.rmSync(profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
  process.exit(faults.length ? 1 : 0);
});
