package table

import "fmt"

// Point reads a longitude and latitude; ok is false where there is none.
func (t *Reader) Point(lonCol, latCol int) (lon, lat float64, ok bool, err error) {
	x, y := t.Text(lonCol), t.Text(latCol)
	switch {
	case Absent(x) && Absent(y):
		return 0, 0, false, nil
	case Absent(x):
		return 0, 0, false, t.Fault(lonCol, fmt.Errorf("%w: latitude without longitude", ErrCoordinate))
	case Absent(y):
		return 0, 0, false, t.Fault(latCol, fmt.Errorf("%w: longitude without latitude", ErrCoordinate))
	}
	if lon, err = ParseNumber(x); err != nil {
		return 0, 0, false, t.Fault(lonCol, err)
	}
	if lat, err = ParseNumber(y); err != nil {
		return 0, 0, false, t.Fault(latCol, err)
	}
	if NoPlaceAt(lon, lat) {
		return 0, 0, false, nil
	}
	return lon, lat, true, nil
}
