package published

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/importer"
)

func TestDiagnostics(t *testing.T) {
	heading := `"Period","Provider Parent Org Code","Provider Parent Name","Provider Org Code","Provider Org Name","Commissioner Parent Org Code","Commissioner Parent Name","Commissioner Org Code","Commissioner Org Name","Diagnostic Tests Sort Order","Diagnostic Tests",`
	for i := range 13 {
		if i == 0 {
			heading += `"00 < 01 Week",`
			continue
		}
		heading += fmt.Sprintf(`"%02d < %02d Weeks",`, i, i+1)
	}
	heading += `"13+ Weeks","Total WL","Waiting List Activity","Planned Activity","Unscheduled Activity","Total Activity"` + "\n"
	row := func(provider, commissioner, order, test string, w0, w5, w6, w13, activity int) string {
		bands := make([]string, 14)
		for i := range bands {
			bands[i] = "0"
		}
		bands[0], bands[5], bands[6], bands[13] = fmt.Sprint(w0), fmt.Sprint(w5), fmt.Sprint(w6), fmt.Sprint(w13)
		return fmt.Sprintf("DM01-FEBRUARY-2024,QOP,X,%s,P,QOP,X,%s,C,%s,%s,%s,%d,1,2,3,%d\n", provider, commissioner, order, test, strings.Join(bands, ","), w0+w5+w6+w13, activity)
	}
	text := heading +
		row("RA1", "01W", "1", "MRI", 10, 5, 2, 1, 40) +
		row("RA1", "01W", "2", "CT", 20, 0, 0, 0, 60) +
		row("RA1", "01W", "16", "TOTAL", 30, 5, 2, 1, 100) +
		row("RA1", "02X", "16", "TOTAL", 4, 0, 1, 0, 9) // a total without its tests
	out, err := importText(t, "", "dm01.csv", text, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(pairsOf(out.Flows)); out.Format.Name != "dm01" || got != "map[01W RA1:100 02X RA1:9]" {
		t.Errorf("flows of %s: %s", out.Format.Name, got)
	}
	out, err = importText(t, "", "dm01.csv", text, importer.Options{Kind: importer.IndicatorTable})
	if err != nil {
		t.Fatal(err)
	}
	same(t, figuresOf(out.Figures), map[string]string{"RA1 diag_6w 2024-02": "4/43"})
	wrong := strings.Replace(text, ",38,1,2,3,100", ",38,1,2,3,101", 1)
	if _, err := importText(t, "", "dm01.csv", wrong, importer.Options{}); !errors.Is(err, importer.ErrTotal) {
		t.Errorf("a wrong total: %v", err)
	}
}
