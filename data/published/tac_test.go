package published

import (
	"strings"
	"testing"

	"stpmap/data/codebook"
	"stpmap/data/importer"
)

func TestAccounts(t *testing.T) {
	row := func(name, sheet, main, sub, amount string) []string {
		return []string{name, sheet, "Table 1", main, "1", sub, amount}
	}
	for _, heading := range []string{"OrganisationName,WorkSheetName,TableID,MainCode,RowNumber,SubCode,Total", "ProviderName,WorkSheetName,TableID,MainCode,RowNumber,SubCode,ValueNumber"} {
		text := csvText(strings.Split(heading, ","),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0100A", "90,000"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0110A", "10,000"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0125A", "(105,000)"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02PY01", "SCI0125A", "(95,000)"),
			row("A Hospital NHS Trust", "TAC08 Op Exp", "A08CY01", "SCI0125A", "1"),
			row("A Hospital NHS Trust", "TAC02 SoCI", "A02CY01", "SCI0140A", "5"),
			row("B & C NHS Foundation Trust", "TAC02 SoCI", "A02CY01", "SCI0100A", "200"),
			row("B & C NHS Foundation Trust", "TAC02 SoCI", "A02CY01", "SCI0125A", "-150"))
		codes, _ := codebook.NamesToCodes([]codebook.Organisation{{Code: "RA1", Name: "A HOSPITAL NHS TRUST"}})
		same(t, figuresFrom(t, "tac", "TAC_NHS_trusts_201819.csv", text, importer.Options{Names: codes}), map[string]string{
			"RA1 finance 2018/19": "-5000/100000", "B & C NHS Foundation Trust finance 2018/19": "50/200",
		})
	}
}
