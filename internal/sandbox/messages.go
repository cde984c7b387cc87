package sandbox

// The messages are the documented ones, which the vendor copied from endpoint to
// endpoint.
const (
	loggedIn     = "Submit Login berhasil"
	loggedOut    = "Logout berhasil"
	outletsTaken = "Logout berhasil"
	taken        = "Data order berhasil diambil"
	updated      = "Data order berhasil diupdate"
	codeUpdated  = "Kode outlet berhasil diperbarui"
	jsonTaken    = "Data JSON order berhasil diambil"
)

// codeRule is what both a kode_order and a kode_outlet have to be.
const codeRule = "required|string|max:100"
