// node check_report.js REPORT.html [OUT_DIR]: drives a report in Chromium as a
// reader would, and fails on a console error, a request, a fault that axe-core
// finds, or a part that does not respond. Needs the npm packages
// playwright-core and axe-core on NODE_PATH, and Chromium (CHROMIUM, or
// /usr/bin/chromium). Pictures of each state go to OUT_DIR.
'use strict';
const path = require('path');
const fs = require('fs');
const {chromium} = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const [, , file, out] = process.argv;
const faults = [];
const expect = (ok, what) => { if (!ok) faults.push(what); console.log((ok ? 'ok    ' : 'FAULT ') + what); };

(async () => {
  const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu']});
  const states = [['light', 1400, 950, 'light'], ['dark', 1400, 950, 'dark'], ['phone', 390, 800, 'light']];
  for (const [name, width, height, colorScheme] of states) {
    const context = await browser.newContext({viewport: {width, height}, colorScheme, isMobile: name === 'phone', hasTouch: name === 'phone'});
    const page = await context.newPage();
    page.on('console', m => m.type() === 'error' && faults.push(name + ': console: ' + m.text()));
    page.on('pageerror', e => faults.push(name + ': ' + e));
    page.on('dialog', d => { faults.push(name + ': a name ran as a script'); d.dismiss(); });
    page.on('request', r => { if (!/^(file|data):/.test(r.url())) faults.push(name + ': request ' + r.url()); });
    await page.goto('file://' + path.resolve(file));
    expect(await page.evaluate(() => window.READY) === true, name + ': drawn by the time it has loaded');
    const ms = await page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd);
    console.log(name + ': loaded and drawn after ' + Math.round(ms) + ' ms');
    const shot = async what => { if (out) await page.screenshot({path: path.join(out, name + '_' + what + '.png'), fullPage: what === 'page'}); };
    const audit = async what => {
      const found = await page.evaluate(source => { (0, eval)(source); return axe.run(document, {resultTypes: ['violations']}); }, axe);
      const bad = found.violations;
      expect(bad.length === 0, name + ': axe-core, ' + what + bad.map(v => '\n        ' + v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + ' ' + n.failureSummary.replace(/\s+/g, ' ').slice(0, 220)).join('\n          ')).join(''));
    };
    await shot('page');
    await audit('first view');

    // The table sorts by keyboard, and its rows choose a footprint.
    const first = () => page.locator('#league tbody tr th').first().innerText();
    const heads = page.locator('#league thead button');
    await heads.nth(0).focus();
    await page.keyboard.press('Enter');
    const a = await first();
    await page.keyboard.press('Enter');
    expect(await first() !== a, name + ': the league table sorts both ways by keyboard');
    expect(await page.locator('#league th[aria-sort]').count() === 1, name + ': one column is marked as sorted');
    const id = await first();
    await page.locator('#league tbody button').first().click();
    expect((await page.locator('#detail h2').innerText()).startsWith(id), name + ': a row opens its footprint');
    expect(await page.locator('#league tr.chosen[aria-current]').count() === 1, name + ': its row is marked');
    await page.waitForTimeout(500);
    await shot('footprint');
    await audit('a footprint');
    const hash = await page.evaluate(() => location.hash), chosen = await page.locator('#league tr.chosen').getAttribute('data-id');
    expect(hash === '#' + encodeURIComponent(chosen), name + ': the address says which footprint is open: ' + hash);
    await page.keyboard.press('Escape');
    expect(await page.locator('#league tr.chosen').count() === 0, name + ': Escape closes it');

    // A click on the map chooses what lies there.
    await page.locator('#map').scrollIntoViewIfNeeded();
    await page.waitForTimeout(600);
    const box = await page.locator('#map').boundingBox();
    await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.62);
    expect(await page.locator('#league tr.chosen').count() === 1, name + ': a click on the map chooses a footprint');
    if (name !== 'phone') {
      await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.55);
      await page.waitForTimeout(300);
      expect(await page.locator('.leaflet-tooltip').count() > 0, name + ': the map tells what is under the pointer');
    }

    // Search by keyboard alone.
    const words = await page.evaluate(() => { const d = JSON.parse(document.getElementById('data').textContent); return [d.areas.name[d.areas.name.length - 1] || d.areas.code[0], d.providers.code[0]]; });
    for (const w of words.filter(Boolean)) {
      await page.locator('#find').fill('');
      await page.locator('#find').pressSequentially(w.slice(0, 14));
      expect(await page.locator('#hits [role=option]').count() > 0, name + ': search finds ' + w);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await page.locator('#hits').isHidden(), name + ': choosing closes the list');
    }
    await page.waitForTimeout(400);

    await page.locator('#find').fill('zzqq no such place');
    expect(/Nothing found/.test(await page.locator('#hits').innerText()), name + ': search says that it found nothing');
    await page.keyboard.press('Escape');

    // Links lead to a footprint and to an area.
    const link = await page.evaluate(() => { const d = JSON.parse(document.getElementById('data').textContent), l = d.levels[d.start]; return [l.footprints[1].id, d.areas.code[3], (l.footprints[l.areas[3]] || {}).id]; });
    await page.evaluate(h => { location.hash = h; }, link[0]);
    await page.waitForTimeout(100);
    expect(await page.locator('#league tr.chosen').getAttribute('data-id') === link[0], name + ': a link opens a footprint');
    await page.evaluate(h => { location.hash = 'area=' + encodeURIComponent(h); }, link[1]);
    await page.waitForTimeout(100);
    if (link[2]) expect(await page.locator('#league tr.chosen').getAttribute('data-id') === link[2], name + ': a link opens the footprint of an area');

    // Tables download as CSV, a row for each footprint.
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#get-footprints').click()]);
    const saved = fs.readFileSync(await download.path(), 'utf8').trim().split('\n');
    expect(saved.length > await page.locator('#league tbody tr').count() && saved[0].startsWith('Footprint,Name,'), name + ': the league table downloads');

    // A term explains itself when it is reached by keyboard.
    const explained = page.locator('#league thead button[data-means]').first();
    if (await explained.count()) {
      await explained.focus();
      expect(await page.locator('#tip').isVisible() && (await page.locator('#tip').innerText()).length > 10, name + ': a heading explains itself');
      await audit('an explained term');
      await page.keyboard.press('Escape');
      expect(await page.locator('#tip').isHidden(), name + ': Escape hides the explanation');
    }

    // The slider moves through the levels.
    if (await page.locator('#level').count()) {
      const before = await page.locator('#levelname').innerText();
      await page.locator('#level').focus();
      await page.keyboard.press('ArrowRight');
      if (await page.locator('#levelname').innerText() === before) await page.keyboard.press('ArrowLeft');
      expect(await page.locator('#levelname').innerText() !== before, name + ': the slider changes the level');
      await page.waitForTimeout(200);
      await shot('level');
      await page.keyboard.press('Home');
    }

    // Colours and layers.
    for (const o of await page.locator('#colour option').all()) await page.locator('#colour').selectOption(await o.getAttribute('value'));
    expect(await page.locator('#key li').count() > 1, name + ': the legend follows the colour');
    for (const box of await page.locator('fieldset input:visible').all()) await box.click();
    await page.waitForTimeout(200);
    await shot('layers');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), name + ': nothing sticks out sideways');
    await audit('after use');
    await page.emulateMedia({media: 'print'});
    if (out && name === 'light') await page.pdf({path: path.join(out, 'report.pdf'), preferCSSPageSize: true});
    await context.close();
  }
  const plain = await browser.newContext({javaScriptEnabled: false});
  const still = await plain.newPage();
  await still.goto('file://' + path.resolve(file));
  expect(await still.locator('svg.static path').count() > 1 && await still.locator('svg.static').isVisible(), 'without JavaScript there is a map');
  expect(await still.locator('#league tbody tr').count() > 0 && await still.locator('#find').isHidden(), 'without JavaScript there is the table, and nothing that does not work');
  if (out) await still.screenshot({path: path.join(out, 'plain.png'), fullPage: true});
  await browser.close();
  if (faults.length) { console.error('FAULTS\n' + faults.join('\n')); process.exit(1); }
})().catch(e => { console.error(e); process.exit(2); });
