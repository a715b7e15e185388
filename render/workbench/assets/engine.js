// The engine in its worker, and the map as the page knows it.
const calls = new Map();
let worker, lastCall = 0;

function ask(name, args) {
  const id = ++lastCall;
  worker.postMessage({id, name, args: JSON.stringify(args || {})});
  return answered(id);
}
const answered = id => new Promise((done, failed) => calls.set(id, {done, failed}));

// openEngine takes over the worker, which has been asked to open.
function openEngine() {
  const {answers} = window.early;
  worker = window.early.worker;
  delete window.early;
  const opened = answered(++lastCall);
  worker.onmessage = event => {
    const {id, answer} = event.data, call = calls.get(id), data = JSON.parse(answer);
    calls.delete(id);
    if (data.error) call.failed(new Error(data.error)); else call.done(data.ok);
  };
  worker.onerror = event => {
    event.preventDefault();
    for (const call of calls.values()) call.failed(new Error('the engine stopped: ' + event.message));
    calls.clear();
  };
  answers.forEach(worker.onmessage);
  return opened;
}

// at is the map as it is: labels by place, ids of footprints, locks, figures.
const at = {places: [], areas: 0, ids: [], label: [], locked: new Set(), state: null, began: null, first: null, log: 0};
const listeners = [];

// take takes what a step changed.
function take(step) {
  let whole = false;
  if (step.ids) {
    recolour(step.ids, step.nodes, step.to);
    at.ids = step.ids;
    whole = true;
  }
  for (let i = 0; i < step.nodes.length; i++) at.label[step.nodes[i]] = step.to[i];
  at.locked = new Set(step.locked);
  at.state = step.state;
  at.log = step.log;
  for (const listen of listeners) listen(step.nodes, whole);
  keepWork();
  return step.state;
}

// act asks the engine for a change, after all that was painted before, and shows it;
// a refusal is said.
let painting = Promise.resolve();
async function act(name, args) {
  await painting;
  try {
    return take(await ask(name, args));
  } catch (error) {
    say(sentence(error.message), true);
    throw error;
  }
}
const quietly = promise => promise.catch(() => {});
const sentence = s => s.charAt(0).toUpperCase() + s.slice(1) + (/[.!?]$/.test(s) ? '' : '.');

const nameOf = v => at.places[v][2] || at.places[v][1];
const footprintOf = id => at.state.footprints.find(f => f.id === id);
const titleOf = id => {
  if (!id) return 'no footprint';
  const f = footprintOf(id);
  return f && f.name ? named(f.name, id) : id;
};
// named puts a short id after a name; a long one, such as E54000005, says nothing more.
const named = (name, id) => id.length > 5 ? name : name + ' (' + id + ')';
const codesOf = nodes => {
  const out = {areas: [], providers: []};
  for (const v of nodes) (at.places[v][0] === 'area' ? out.areas : out.providers).push(at.places[v][1]);
  return out;
};
