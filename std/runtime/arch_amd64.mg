package runtime

// GOARCH is the processor architecture.
const GOARCH = "amd64"
