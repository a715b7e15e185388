package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // what the tool itself writes GeoPackages with
)

// The last digits of a number may differ by this share, and the pixels of a
// picture by this much on average, of 1.
const (
	lastDigits = 1e-11
	paleDots   = 0.02
)

// near says whether two versions of a file differ in the last digits of numbers
// alone, or in hardly visible dots of a picture.
func near(file string, a, b []byte) bool {
	switch {
	case strings.HasSuffix(file, ".png"):
		return nearPictures(a, b)
	case bytes.HasPrefix(a, []byte("SQLite format 3")):
		textA, errA := tables(a)
		textB, errB := tables(b)
		return errA == nil && errB == nil && nearText(textA, textB)
	}
	return nearText(string(a), string(b))
}

var number = regexp.MustCompile(`-?\d+(\.\d+)?([eE][+-]?\d+)?`)

// nearText compares texts whose numbers may differ in their last digits.
func nearText(a, b string) bool {
	if number.ReplaceAllString(a, "#") != number.ReplaceAllString(b, "#") {
		return false
	}
	numbersA, numbersB := number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range numbersA {
		if numbersA[i] != numbersB[i] && !nearNumbers(numbersA[i], numbersB[i]) {
			return false
		}
	}
	return true
}

func nearNumbers(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= lastDigits*max(math.Abs(x), math.Abs(y))
}

// tables is every row of a database as text, tables and rows in order.
func tables(database []byte) (string, error) {
	f, err := os.CreateTemp("", "stpmap-samebytes-*.gpkg")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(database); err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", f.Name())
	if err != nil {
		return "", err
	}
	defer db.Close()
	names, err := rows(db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%' ORDER BY name`)
	if err != nil {
		return "", err
	}
	var all []string
	for _, name := range names {
		lines, err := rows(db, `SELECT * FROM "`+name+`"`)
		if err != nil {
			return "", err
		}
		slices.Sort(lines)
		all = append(all, name, strings.Join(lines, "\n"))
	}
	return strings.Join(all, "\n"), nil
}

// rows is the result of a query, a line a row.
func rows(db *sql.DB, query string) ([]string, error) {
	found, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return nil, err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	var lines []string
	for found.Next() {
		if err := found.Scan(places...); err != nil {
			return nil, err
		}
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = fmt.Sprint(v)
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	return lines, found.Err()
}

func nearPictures(a, b []byte) bool {
	x, errX := png.Decode(bytes.NewReader(a))
	y, errY := png.Decode(bytes.NewReader(b))
	return errX == nil && errY == nil && x.Bounds() == y.Bounds() && unlike(x, y) < paleDots
}

// unlike is the mean difference of two pictures of one size.
func unlike(a, b image.Image) float64 {
	sum, box := 0.0, a.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(r1)-float64(r2)) + math.Abs(float64(g1)-float64(g2)) + math.Abs(float64(b1)-float64(b2))
		}
	}
	return sum / float64(3*0xffff*box.Dx()*box.Dy())
}
