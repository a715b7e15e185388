// The engine's worker starts while the page is still being read; what it answers
// meanwhile waits for the page's script.
window.early = {worker: new Worker(URL.createObjectURL(new Blob([document.getElementById('workerText').textContent], {type: 'text/javascript'}))), answers: []};
window.early.worker.onmessage = event => window.early.answers.push(event);
