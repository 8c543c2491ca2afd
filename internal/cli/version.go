package cli

import (
	"fmt"
	"io"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) Help() string { return "Example:\n\n  homeward version --json" }

// build tells a program from another.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
}

func (versionCmd) Run(sh *shell) error {
	b := thisBuild()
	return sh.print(b, func(w io.Writer) {
		fmt.Fprintf(w, "homeward %s", b.Version)
		if b.Revision != "" {
			fmt.Fprintf(w, " (%.12s)", b.Revision)
		}
		fmt.Fprintf(w, ", %s\n", b.Go)
	})
}

func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{Version: "unknown"}
	}
	b := build{Version: info.Main.Version, Go: info.GoVersion}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
