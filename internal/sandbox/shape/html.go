package shape

import "net/http"

// pageTitle returns the title of the error page of a status.
func pageTitle(status int) string {
	switch status {
	case 401:
		return "Unauthorized"
	case 500:
		return "Server Error"
	case 405:
		return "An Error Occurred: Method Not Allowed"
	case 413:
		return "An Error Occurred: Content Too Large"
	}
	return http.StatusText(status)
}

func htmlPage(title string) string {
	return `<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">

        <title>` + title + `</title>
    </head>
    <body class="antialiased">
        <div class="relative flex items-top justify-center min-h-screen">` + title + `</div>
    </body>
</html>
`
}
