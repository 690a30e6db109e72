package unicode

// The general categories, named as in the Unicode standard, and the long names
// that programs use.
var (
	Cc = &RangeTable{categories: 1 << categoryCc}
	Cf = &RangeTable{categories: 1 << categoryCf}
	Co = &RangeTable{categories: 1 << categoryCo}
	Cs = &RangeTable{categories: 1 << categoryCs}
	Ll = &RangeTable{categories: 1 << categoryLl}
	Lm = &RangeTable{categories: 1 << categoryLm}
	Lo = &RangeTable{categories: 1 << categoryLo}
	Lt = &RangeTable{categories: 1 << categoryLt}
	Lu = &RangeTable{categories: 1 << categoryLu}
	Mc = &RangeTable{categories: 1 << categoryMc}
	Me = &RangeTable{categories: 1 << categoryMe}
	Mn = &RangeTable{categories: 1 << categoryMn}
	Nd = &RangeTable{categories: 1 << categoryNd}
	Nl = &RangeTable{categories: 1 << categoryNl}
	No = &RangeTable{categories: 1 << categoryNo}
	Pc = &RangeTable{categories: 1 << categoryPc}
	Pd = &RangeTable{categories: 1 << categoryPd}
	Pe = &RangeTable{categories: 1 << categoryPe}
	Pf = &RangeTable{categories: 1 << categoryPf}
	Pi = &RangeTable{categories: 1 << categoryPi}
	Po = &RangeTable{categories: 1 << categoryPo}
	Ps = &RangeTable{categories: 1 << categoryPs}
	Sc = &RangeTable{categories: 1 << categorySc}
	Sk = &RangeTable{categories: 1 << categorySk}
	Sm = &RangeTable{categories: 1 << categorySm}
	So = &RangeTable{categories: 1 << categorySo}
	Zl = &RangeTable{categories: 1 << categoryZl}
	Zp = &RangeTable{categories: 1 << categoryZp}
	Zs = &RangeTable{categories: 1 << categoryZs}

	C  = &RangeTable{categories: 1<<categoryCn | 1<<categoryCc | 1<<categoryCf | 1<<categoryCs | 1<<categoryCo}
	Cn = &RangeTable{categories: 1 << categoryCn}
	LC = &RangeTable{categories: 1<<categoryLu | 1<<categoryLl | 1<<categoryLt}
	L  = &RangeTable{categories: letters}
	M  = &RangeTable{categories: marks}
	N  = &RangeTable{categories: numbers}
	P  = &RangeTable{categories: punctuation}
	S  = &RangeTable{categories: symbols}
	Z  = &RangeTable{categories: 1<<categoryZs | 1<<categoryZl | 1<<categoryZp}

	Digit  = Nd
	Letter = L
	Lower  = Ll
	Mark   = M
	Number = N
	Other  = C
	Punct  = P
	Space  = Z
	Symbol = S
	Title  = Lt
	Upper  = Lu
)
