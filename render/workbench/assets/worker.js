// The worker: the engine, one call after another.
let opened;
self.engineReady = () => opened();
self.onmessage = async event => {
  const {id, name, args} = event.data;
  try {
    if (name === 'open') {
      const go = new Go(), ready = new Promise(done => { opened = done; });
      // The program is checked while it is still being unpacked.
      const program = WebAssembly.instantiateStreaming(unpack(args[0], 'application/wasm'), go.importObject);
      const data = unpack(args[1], 'application/octet-stream').arrayBuffer();
      go.run((await program).instance);
      await ready;
      postMessage({id, answer: self.engine.open(new Uint8Array(await data))});
      return;
    }
    postMessage({id, answer: self.engine.call(name, args)});
  } catch (error) {
    postMessage({id, answer: JSON.stringify({error: 'the engine stopped: ' + error})});
  }
};
