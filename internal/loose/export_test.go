package loose

// Len is how many zones are remembered.
func (z *Zones) Len() int { return len(z.found) }
