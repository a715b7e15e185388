// Data of the page, for its script and for the worker: base64 of gzip.
function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}
const unpack = (text, type) => new Response(new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('gzip')), {headers: {'Content-Type': type}});
