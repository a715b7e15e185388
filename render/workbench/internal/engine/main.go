//go:build js && wasm

// Command engine is the workbench's engine as the page's worker runs it.
//
// In: a packed case, then calls with arguments as JSON. Out: answers as JSON.
// May import: footprint/bench.
package main

import (
	"syscall/js"

	"stpmap/footprint/bench"
)

func main() {
	var s bench.Server
	engine := js.Global().Get("Object").New()
	engine.Set("open", js.FuncOf(func(_ js.Value, args []js.Value) any {
		packed := make([]byte, args[0].Get("length").Int())
		js.CopyBytesToGo(packed, args[0])
		if err := s.Open(packed); err != nil {
			return err.Error()
		}
		return ""
	}))
	engine.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return s.Call(args[0].String(), args[1].String())
	}))
	js.Global().Set("engine", engine)
	js.Global().Call("engineReady")
	select {}
}
