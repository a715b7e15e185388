package bench

import (
	"fmt"
	"reflect"
	"time"
)

// value writes a value of any shape, field after field: JSON has no word for a
// number that is not known, and gob's bytes depend on what was written before.
func (w *packer) value(v reflect.Value) {
	if t, ok := v.Interface().(time.Time); ok {
		w.flag(!t.IsZero())
		if !t.IsZero() {
			w.signed(t.Unix())
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		w.text(v.String())
	case reflect.Bool:
		w.flag(v.Bool())
	case reflect.Float64:
		w.amount(v.Float())
	case reflect.Int, reflect.Int8, reflect.Int32:
		w.signed(v.Int())
	case reflect.Uint64:
		w.signed(int64(v.Uint()))
	case reflect.Pointer:
		if w.flag(!v.IsNil()); !v.IsNil() {
			w.value(v.Elem())
		}
	case reflect.Slice:
		w.number(v.Len())
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			w.value(v.Field(i))
		}
	default:
		panic(fmt.Sprintf("bench: a %s cannot be packed", v.Type()))
	}
}

// signed writes a whole number of either sign.
func (w *packer) signed(n int64) { w.number(int(n<<1 ^ n>>63)) }

func (r *unpacker) signed() int64 {
	n := r.number()
	return int64(n>>1) ^ -int64(n&1)
}

// value reads what value wrote, into v.
func (r *unpacker) value(v reflect.Value) {
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		if r.flag() {
			*t = time.Unix(r.signed(), 0).UTC()
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.text())
	case reflect.Bool:
		v.SetBool(r.flag())
	case reflect.Float64:
		v.SetFloat(r.amount())
	case reflect.Int, reflect.Int8, reflect.Int32:
		v.SetInt(r.signed())
	case reflect.Uint64:
		v.SetUint(uint64(r.signed()))
	case reflect.Pointer:
		if r.flag() {
			v.Set(reflect.New(v.Type().Elem()))
			r.value(v.Elem())
		}
	case reflect.Slice:
		r.list(v)
	case reflect.Array:
		for i := range v.Len() {
			r.value(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			r.value(v.Field(i))
		}
	default:
		r.fail("a value has a shape that is not known")
	}
}

// list reads a slice; one without members is nil.
func (r *unpacker) list(v reflect.Value) {
	n := r.size()
	if n == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		r.value(v.Index(i))
	}
}
