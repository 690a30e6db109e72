// Builds every package of the library.
package main

import (
	_ "mg/bufio"
	_ "mg/errors"
	_ "mg/fmt"
	_ "mg/io"
	_ "mg/os"
	_ "mg/strconv"
	_ "mg/sync"
	_ "mg/time"
)

func main() {}
