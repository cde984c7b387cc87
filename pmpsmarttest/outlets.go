package pmpsmarttest

func (x *exchange) listOutlets() answer {
	st := x.s.state
	return x.many(find(&st.lock, st.outlets, nil, showOutlet), outletsTaken, outletKind)
}

func (x *exchange) updateOutletCode() answer {
	st := x.s.state
	st.lock.Lock()
	defer st.lock.Unlock()
	id, rule := x.input.integer("id_outlet"), codeRule
	if st.uniqueOutlets {
		rule += "|unique"
	}
	fields := x.input.validate(rules{{"id_outlet", "required|integer"}, {"kode_outlet", rule}}, func(code string) bool {
		return st.hasOtherOutlet(code, id)
	})
	if fields != nil {
		return x.fail(invalid(fields))
	}
	outlet, ok := st.outlets.get(id)
	if !ok {
		return x.fail(unknownModel("Outlet", phpString(x.input["id_outlet"])))
	}
	if code := x.input.text("kode_outlet"); outlet.Code != code {
		outlet.Code, outlet.UpdatedAt = code, st.stamp()
		if err := st.writeOutlet(&outlet); err != nil {
			return x.fail(serverError)
		}
	}
	return x.written(showOutlet(&outlet), false, codeUpdated, outletKind)
}

// hasOtherOutlet reports whether an outlet other than that of id has a code. It
// reads them all, some milliseconds for the 5,000 of the largest sample data.
func (st *state) hasOtherOutlet(code string, id int64) bool {
	for position := range st.outlets.len() {
		if o := st.outlets.at(position); o.Code == code && o.ID != id {
			return true
		}
	}
	return false
}
