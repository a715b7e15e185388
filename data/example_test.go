package data_test

import (
	"context"
	"fmt"
	"strings"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

func ExampleRecords() {
	text := "Flows 2016/17\nCommissioner Code,Provider Code,Patients\nE01,RJ1,120\nE02,RJ1,-3\nE02,RJ7,<5\n"
	for rec, err := range data.Records(context.Background(), "flows.csv", strings.NewReader(text)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(rec.Area, rec.Provider, rec.Count.Lower, rec.Count.Upper)
	}
	// Output:
	// E01 RJ1 120 120
	// flows.csv:4:9: negative count: -3
	// E02 RJ7 1 4
}

func ExampleReadFlows() {
	text := "area;provider;spells;year\nE01;RJ1;100;2016\nE01;RJ1;90;2015\nE02;RJ1;*;2016\n"
	b := flow.NewBuilder()
	rep, err := data.ReadFlows(context.Background(), "flows.csv", strings.NewReader(text), b, table.Where("year", "2016"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m, _, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rep.Rows, "rows,", rep.Filtered, "left out,", rep.SuppressedRows, "suppressed")
	fmt.Println(m.Total().Published, "patients,", m.Total().Lower, "to", m.Total().Upper)
	// Output:
	// 3 rows, 1 left out, 1 suppressed
	// 100 patients, 101 to 107
}

func ExampleReadPartition() {
	text := "area_code,area_name,stp_code,stp_name\nE01,Ashby,E54000005,West Yorkshire\n"
	members, _, err := data.ReadPartition(context.Background(), "stp.csv", strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(members[0].Code, "is in", members[0].Group, members[0].GroupName)
	// Output: E01 is in E54000005 West Yorkshire
}
