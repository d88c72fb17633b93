// Reads dashboards by the types that Grafana generates from its own schemas: a field that is unknown, missing or of
// another type is printed with its place, and ends the program with 1.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	code := 0
	for _, file := range os.Args[1:] {
		if problem := problemOf(file); problem != "" {
			fmt.Fprintf(os.Stderr, "%s:\n%s\n", file, problem)
			code = 1
		}
	}
	os.Exit(code)
}

func problemOf(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	read := dashboard.Dashboard{}
	// Without a problem it gives an empty list of them, which is an error with no text.
	if err := read.UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
		return err.Error()
	}
	if err := read.Validate(); err != nil {
		return err.Error()
	}
	return ""
}
