// Numbers and small helpers.
const $ = id => document.getElementById(id);
const plain = new Intl.NumberFormat('en-GB', {maximumFractionDigits: 0});
const people = x => x === null || x === undefined ? '–' : plain.format(x);
const percent = (x, digits = 1) => x === null || x === undefined ? '–' : (100 * x).toFixed(digits) + '%';
const number = (x, digits = 4) => x === null || x === undefined ? '–' : x.toFixed(digits);
const counted = (n, noun) => plain.format(n) + ' ' + noun + (n === 1 ? '' : 's');

// make makes an element: make('td', {class: 'x'}, 'text', child…).
function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (k === 'onclick') e.addEventListener('click', v);
    else if (v === true) e.setAttribute(k, '');
    else if (v !== false && v !== null && v !== undefined) e.setAttribute(k, v);
  }
  e.append(...children.filter(c => c !== null && c !== undefined));
  return e;
}

// say tells a person, and a screen reader, what happened.
let silence;
function say(text, bad) {
  const box = $('status');
  box.textContent = text;
  box.className = bad ? 'bad' : '';
  clearTimeout(silence);
  silence = setTimeout(() => { box.textContent = ''; }, bad ? 9000 : 4000);
}

// later runs a function once, a while after it was last asked for.
function later(wait, run) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(run, wait); };
}
