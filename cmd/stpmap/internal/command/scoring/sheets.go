package scoring

import (
	"bytes"
	"io"

	"stpmap/footprint/score"
	"stpmap/render/layer"
	"stpmap/render/xlsx"
)

// Sheets are the tables of a score for a workbook, as their CSV files have them.
func Sheets(res *score.Result) ([]xlsx.Table, error) {
	list := []struct {
		name, title string
		write       func(io.Writer) error
	}{
		{"scores", "Footprints with rating, rank and how sure these are.", res.WriteScores},
		{"indicators", "Each indicator of each footprint, with its interval and target.", res.WriteIndicators},
		{"sensitivity", "What the ranks depend on.", res.WriteSensitivity},
		{"trend", "Each indicator of each footprint over time.", res.WriteTrends},
	}
	if len(res.Trends) == 0 {
		list = list[:len(list)-1]
	}
	var sheets []xlsx.Table
	for _, one := range list {
		var b bytes.Buffer
		if err := one.write(&b); err != nil {
			return nil, err
		}
		t, err := xlsx.FromCSV(one.name, one.title, &b)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, t)
	}
	return sheets, nil
}

// Workbook writes the tables of a score as one workbook.
func Workbook(w io.Writer, about layer.About, res *score.Result) error {
	sheets, err := Sheets(res)
	if err != nil {
		return err
	}
	return xlsx.Write(w, about, sheets)
}
