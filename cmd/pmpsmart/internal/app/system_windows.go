package app

import "golang.org/x/sys/windows"

func ignorePipe() {} // Windows has no such signal

// systemLocale returns the user's locale where no variable of the environment says it.
func systemLocale() string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		return ""
	}
	return languages[0]
}
