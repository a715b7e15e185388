//go:build js && wasm

// Command engine is the workbench's engine as the page's worker runs it.
//
// In: a packed case, then calls with arguments as JSON. Out: answers as JSON, the
// first of which is what the page needs once.
// May import: footprint/bench.
package main

import (
	"runtime/debug"
	"syscall/js"

	"stpmap/footprint/bench"
)

func main() {
	var s bench.Server
	engine := js.Global().Get("Object").New()
	engine.Set("open", js.FuncOf(func(_ js.Value, args []js.Value) any {
		// What opens stays: to collect garbage meanwhile would find little.
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		packed := make([]byte, args[0].Get("length").Int())
		js.CopyBytesToGo(packed, args[0])
		return s.Open(packed)
	}))
	engine.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return s.Call(args[0].String(), args[1].String())
	}))
	js.Global().Set("engine", engine)
	js.Global().Call("engineReady")
	select {}
}
