package cli

// Version is the tool's version, as outputs carry it. It stays as it is while the
// tool runs; a release sets it from its tag when it is built.
var Version = "0.1.0"
