// Package data is the way in: readers of the tables that people have, and the
// embedded sample.
//
//	for rec, err := range data.Records(ctx, "flows.csv", r) {
//		if err != nil {
//			return err // *fault.Error: flows.csv:3:9: negative count: -3
//		}
//		b.Add(rec.Area, rec.Provider, rec.Count)
//	}
package data
