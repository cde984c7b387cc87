package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// A table as a clerk saves it: a title, Indonesian heads, semicolons, a torn row.
func ExampleNew() {
	const file = "Kode outlet baru;;\n\nNo;ID Outlet;Kode Outlet\n1;7;=\"00012\"\n2\n3;8,0;'00013\n"
	r, err := sheet.New("codes.csv", strings.NewReader(file), sheet.ReadOptions{Columns: []sheet.Column{
		{Name: "id", Synonyms: []string{"id_outlet", "outlet_id"}},
		{Name: "code", Synonyms: []string{"kode", "kode_outlet"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for row, err := range r.Rows() {
		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
			fmt.Println(bad)
			continue
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		id, _ := sheet.Integer(row.Get("id").Text)
		fmt.Printf("line %d: %d is %q\n", row.Line, id, sheet.Unquote(row.Get("code").Text))
	}
	// Output:
	// line 4: 7 is "00012"
	// line 5: the row has 1 cell, needs 3
	// line 6: 8 is "00013"
}

// The same table for programs, and for a double click in Indonesia.
func ExampleCreate() {
	at := time.Date(2026, 2, 9, 7, 5, 30, 0, time.UTC)
	for _, o := range []sheet.WriteOptions{{Format: sheet.JSONLines}, {Format: sheet.CSV}, {Format: sheet.CSV, Excel: true}} {
		var file strings.Builder
		w, err := sheet.Create(&file, []string{"id", "code", "total", "at"}, o)
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = w.Write(sheet.Int(7), sheet.Text("=1+1"), sheet.Number("12.50"), sheet.Time(at)) // Close tells
		if err := w.Close(); err != nil {
			fmt.Println(err)
		}
		fmt.Print(strings.NewReplacer("\ufeff", "", "\r", "").Replace(file.String())) // which can't be seen
	}
	// Output:
	// {"id":7,"code":"=1+1","total":12.50,"at":"2026-02-09T14:05:30+07:00"}
	// id,code,total,at
	// 7,'=1+1,12.50,2026-02-09T14:05:30+07:00
	// id;code;total;at
	// 7;'=1+1;"12,50";09/02/2026 14:05:30
}
