// Matrices: arithmetic on slices of slices, methods and errors.
//
// The program multiplies matrices, computes Fibonacci numbers with a matrix
// power, and solves a system of linear equations.
package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// A Matrix has its rows as slices of equal length.
type Matrix [][]float64

// NewMatrix returns a matrix of zeros. All rows are parts of one slice: two
// allocations, whatever the size.
func NewMatrix(rows, columns int) Matrix {
	cells := make([]float64, rows*columns)
	m := make(Matrix, rows)
	for i := range m {
		m[i], cells = cells[:columns], cells[columns:]
	}
	return m
}

// Identity returns the matrix that leaves others unchanged in a product.
func Identity(size int) Matrix {
	m := NewMatrix(size, size)
	for i := range m {
		m[i][i] = 1
	}
	return m
}

var errShape = errors.New("shapes do not fit")

// Times returns the product of a and b.
func (a Matrix) Times(b Matrix) (Matrix, error) {
	if len(a[0]) != len(b) {
		return nil, fmt.Errorf("%dx%d times %dx%d: %w", len(a), len(a[0]), len(b), len(b[0]), errShape)
	}
	product := NewMatrix(len(a), len(b[0]))
	for i, row := range a {
		for k, factor := range row {
			for j, value := range b[k] {
				product[i][j] += factor * value
			}
		}
	}
	return product, nil
}

// Power returns a to the n-th power by repeated squaring.
func (a Matrix) Power(n int) Matrix {
	result, square := Identity(len(a)), a
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			result, _ = result.Times(square)
		}
		square, _ = square.Times(square)
	}
	return result
}

// Solve returns x with a·x = right, by Gaussian elimination. It changes a and
// right.
func (a Matrix) Solve(right []float64) ([]float64, error) {
	n := len(a)
	for column := 0; column < n; column++ {
		// Dividing by the greatest value keeps rounding errors small.
		pivot := column
		for row := column + 1; row < n; row++ {
			if math.Abs(a[row][column]) > math.Abs(a[pivot][column]) {
				pivot = row
			}
		}
		if a[pivot][column] == 0 {
			return nil, errors.New("no unique solution")
		}
		a[column], a[pivot] = a[pivot], a[column]
		right[column], right[pivot] = right[pivot], right[column]
		for row := column + 1; row < n; row++ {
			factor := a[row][column] / a[column][column]
			for k := column; k < n; k++ {
				a[row][k] -= factor * a[column][k]
			}
			right[row] -= factor * right[column]
		}
	}
	x := make([]float64, n)
	for row := n - 1; row >= 0; row-- {
		sum := right[row]
		for k := row + 1; k < n; k++ {
			sum -= a[row][k] * x[k]
		}
		x[row] = sum / a[row][row]
	}
	return x, nil
}

func (a Matrix) String() string {
	var text strings.Builder
	for _, row := range a {
		for _, value := range row {
			fmt.Fprintf(&text, "%8.2f", value)
		}
		text.WriteByte('\n')
	}
	return text.String()
}

func main() {
	a := Matrix{{1, 2, 3}, {4, 5, 6}}
	b := Matrix{{7, 8}, {9, 10}, {11, 12}}
	product, err := a.Times(b)
	fmt.Print(product, "error: ", err, "\n")

	_, err = a.Times(a)
	fmt.Println("error:", err, errors.Is(err, errShape))

	fibonacci := Matrix{{1, 1}, {1, 0}}
	for _, n := range []int{1, 2, 10, 50, 75} {
		fmt.Printf("Fibonacci number %2d: %.0f\n", n, fibonacci.Power(n)[0][1])
	}

	x, err := Matrix{{2, 1, -1}, {-3, -1, 2}, {-2, 1, 2}}.Solve([]float64{8, -11, -3})
	fmt.Printf("solution: %.3f %v\n", x, err)
	x, err = Matrix{{1, 2}, {2, 4}}.Solve([]float64{1, 2})
	fmt.Println("solution:", x, err)

	// A rotation by one degree, 360 times, is back where it started.
	sin, cos := math.Sincos(math.Pi / 180)
	full := Matrix{{cos, -sin}, {sin, cos}}.Power(360)
	fmt.Println("back at the start:", math.Abs(full[0][0]-1) < 1e-12 && math.Abs(full[0][1]) < 1e-12)

	// A bigger one, to give the processor something to do.
	const size = 120
	big := NewMatrix(size, size)
	for i := range big {
		for j := range big[i] {
			big[i][j] = float64((i*j)%7) - 3
		}
	}
	square, _ := big.Times(big)
	trace := 0.0
	for i := range square {
		trace += square[i][i]
	}
	fmt.Println("trace of the square:", trace)
}
