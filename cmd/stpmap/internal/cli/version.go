package cli

// Version is the tool's version, as outputs carry it.
const Version = "0.1.0"
