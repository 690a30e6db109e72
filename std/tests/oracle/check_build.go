// Builds every package of the library.
package main

import (
	_ "mg/bufio"
	_ "mg/context"
	_ "mg/errors"
	_ "mg/flag"
	_ "mg/fmt"
	_ "mg/io"
	_ "mg/io/ioutil"
	_ "mg/log"
	_ "mg/os"
	_ "mg/runtime"
	_ "mg/runtime/debug"
	_ "mg/strconv"
	_ "mg/sync"
	_ "mg/time"
)

func main() {}
