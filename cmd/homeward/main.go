// Command homeward keeps a register of children taken from their families: it reads the lists that tell of them,
// weighs which records are the same child, keeps what people decide, counts by stated definitions, and proves that
// nothing was changed.
//
// Everything it can do is in package cli; `homeward --help` lists it, and each command's --help shows an example.
//
//	homeward demo     a register of invented families, with the desk on this machine
//	homeward init     a new register in a folder
//	homeward serve    the desk for the people who work with it
package main

import (
	"os"

	"github.com/homeward-registry/homeward/internal/cli"
)

func main() { os.Exit(cli.Main()) }
