package app

import "golang.org/x/sys/windows"

// systemLocale returns the user's locale where no variable of the environment says it.
func systemLocale() string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		return ""
	}
	return languages[0]
}
