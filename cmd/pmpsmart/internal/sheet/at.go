package sheet

// At returns where a wanted column is among [Row].Cells, or -1 where the file lacks it.
func (r *Reader) At(column string) int {
	for i, c := range r.choice.columns {
		if c.Name == column {
			return r.choice.at[i]
		}
	}
	return -1
}
