package loose

// What a value of JSON takes at least of a program's memory, in bytes, where it is held
// as values of Go's own.
const (
	scalarWeight    = 32
	containerWeight = 64
)

// MaxWeight is the most that a byte of JSON weighs.
const MaxWeight = containerWeight + scalarWeight

// Weight returns about how many bytes of memory a valid JSON value takes as values of
// Go's own, such as those of an any, without their texts.
func Weight(raw []byte) (bytesOfMemory int64) {
	bytesOfMemory = scalarWeight
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = skipString(raw, i) - 1
		case ',', ':':
			bytesOfMemory += scalarWeight
		case '{', '[':
			bytesOfMemory += containerWeight
		}
	}
	return bytesOfMemory
}
