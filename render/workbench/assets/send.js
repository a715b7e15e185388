// What the engine needs is there.
window.early.worker.postMessage({id: 1, name: 'open', args: ['engineData', 'caseData'].map(id => document.getElementById(id).textContent)});
