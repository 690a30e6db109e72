// run
package main

import (
	"fmt"
	"math"
)

type Celsius float64

//go:noinline
func div(a, b int) int { return a / b }
func rem(a, b int) int { return a % b }

func shifts(x int32, n uint) (int32, int32, uint32) {
	return x << n, x >> n, uint32(x) >> n
}

func convert(f float64) (int, int8, uint8, int32, uint32, int64) {
	return int(f), int8(int(f)), uint8(int(f)), int32(f), uint32(int64(f)), int64(f)
}

func main() {
	fmt.Println(div(7, 2), div(-7, 2), div(7, -2), rem(-7, 2), rem(7, -2))
	minimum := math.MinInt64
	fmt.Println(div(minimum, -1), rem(minimum, -1))
	var i8 int8 = -128
	fmt.Println(i8/-1, -i8, i8-1, i8*i8)
	var u8 uint8 = 200
	fmt.Println(u8+100, u8*2, ^u8, u8<<1, u8>>3, -u8)
	for _, n := range []uint{0, 1, 31, 32, 33, 64, 200} {
		a, b, c := shifts(-5, n)
		fmt.Println(n, a, b, c)
	}
	fmt.Println(convert(3.99))
	fmt.Println(convert(-3.99))
	var c Celsius = 36.6
	fmt.Println(c*2, float64(c)/3, int(c))
	var x uint64 = 1 << 63
	fmt.Println(x, float64(x), uint64(float64(x)), x/3, x%1000)
	fmt.Println(7&^5, 6^3, 6|9, 6&3)
	const big = 1 << 100
	fmt.Println(big>>98, big/(big-1))
	a, b := 1.0, 0.0
	fmt.Println(a/b, -a/b, b/b, a == a, b/b == b/b)
	fmt.Println(math.Sqrt(2), math.Floor(-1.5), math.MaxUint32, math.Pi)
	var f32 float32 = 16777216
	fmt.Println(f32+1 == f32, float32(0.1), float64(float32(0.1)))
	h := uint32(2166136261)
	for _, ch := range []byte("hash me") {
		h = (h ^ uint32(ch)) * 16777619
	}
	fmt.Println(h)
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
}
