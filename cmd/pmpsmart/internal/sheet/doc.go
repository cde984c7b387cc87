// Package sheet reads and writes tables as people keep them: CSV of every dialect, JSON
// Lines and Excel workbooks.
//
// # Reading
//
// [Open] reads a file and [New] any reader, a pipe too. What the file is they find out
// from its content: CSV in UTF-8, UTF-16 or Windows-1252, with whatever separator, titles
// above the heads and stray quotes; JSON Lines; a JSON array; an .xlsx workbook; each of
// them also compressed with gzip. A file that is none of these, such as a PDF or the HTML
// that some programs call .xls, is refused in one sentence that names it.
//
//	r, err := sheet.Open(path, sheet.ReadOptions{Columns: []sheet.Column{
//		{Name: "id", Synonyms: []string{"id_outlet", "outlet_id"}},
//		{Name: "code", Synonyms: []string{"kode", "kode_outlet"}},
//	}})
//	...
//	defer r.Close()
//	for row, err := range r.Rows() {
//		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
//			... // of one row: note it and go on
//			continue
//		}
//		if err != nil {
//			return err // of the file: the rows end here
//		}
//		id, ok := sheet.Integer(row.Get("id").Text)
//		...
//	}
//
// Two columns that fit a wanted one are refused; ReadOptions.Mapping, which
// [ParseMapping] reads from a flag such as -columns code=Kode, names the one that is
// meant. Without wanted columns Row.Cells holds all, by Reader.Heads.
//
// A cell of CSV is a text as it stands in the file. [Integer] and [Moment]
// read it as people write numbers and times, [Damaged] and [Invisible] tell what a
// spreadsheet has done to it, [Unquote] takes away what kept it from that. Of a workbook
// a cell is its value and not what is shown of it: a number to the 15 digits that Excel
// keeps, a time as RFC 3339, a day as 2026-02-09. A number in a format of zeros, such as
// 00000, is the text that is shown, 00012: it is a code, and so it is meant.
//
// # Writing
//
// [Create] begins a table, and Writer.Write takes its rows cell by cell: [Text], [Int],
// [Number], [Bool], [Time], [Date], [JSON] or an empty [Cell].
//
//	w, err := sheet.Create(file, []string{"id", "code"}, sheet.WriteOptions{Format: sheet.CSV})
//	...
//	err = w.Write(sheet.Int(7), sheet.Text("00012"))
//	...
//	err = w.Close()
//
// What was written is read back as it was: the apostrophe that CSV needs before what a
// spreadsheet would run, and the ="00012" of WriteOptions.Excel, the reader takes away
// again. [Fields] makes columns such as items.0.qty of nested JSON, and [Explode] a row
// of each item of a list.
package sheet
