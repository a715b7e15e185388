// The worker: the engine, one call after another.
const unpack = async text => {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
let opened;
self.engineReady = () => opened();
self.onmessage = async event => {
  const {id, name, args} = event.data;
  try {
    if (name === 'open') {
      const [program, data] = await Promise.all([unpack(args[0]), unpack(args[1])]);
      const go = new Go(), ready = new Promise(done => { opened = done; });
      const {instance} = await WebAssembly.instantiate(program, go.importObject);
      go.run(instance);
      await ready;
      const fault = self.engine.open(data);
      postMessage({id, answer: fault ? JSON.stringify({error: fault}) : self.engine.call('info', '{}')});
      return;
    }
    postMessage({id, answer: self.engine.call(name, args)});
  } catch (error) {
    postMessage({id, answer: JSON.stringify({error: 'the engine stopped: ' + error})});
  }
};
