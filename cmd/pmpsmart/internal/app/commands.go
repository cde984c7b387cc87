package app

import (
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/export"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/login"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirror"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/orders"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/outlets"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/push"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/report"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/version"
)

// commands returns the program's commands.
func commands() []tool.Command {
	return []tool.Command{
		login.Command(),
		login.LogoutCommand(),
		export.Command(),
		orders.Command(),
		outlets.Command(),
		push.Command(),
		report.Command(),
		mirror.Command(),
		doctorCommand(),
		sandboxCommand(),
		version.Command(),
	}
}

var about = lang.T("pmpsmart is the tool for the back office of PMP Smart, a sales-force system.\nIt exports orders, visits and outlets, changes outlet codes from a file, pushes JSON\norders, draws reports and keeps a mirror of the data in a database.")

var environmentHelp = lang.T(`The account is one that login has kept, or comes from the environment:
PMPSMART_EMAIL and PMPSMART_PASSWORD or PMPSMART_PASSWORD_FILE, or PMPSMART_TOKEN;
PMPSMART_BASE_URL where it is not https://api.pmpsmart.com/api/v1.

Exit status: 0 done; 1 something was refused or is missing; 2 wrong usage or input;
3 the account was refused; 4 the server could not be reached, run it again;
130 interrupted.`)
