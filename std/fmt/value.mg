package fmt

import "internal/reflectlite"

// How a value was reached: through an unexported field its methods must not be called. An embedded unexported struct
// bars its own methods but not those of its exported fields.
const (
	reachable = iota
	embeddedUnexported
	unexported
)

// badVerb says that verb is not for arg.
func (p *printer) badVerb(arg any, verb rune) {
	p.erroring = true
	p.complain(verb, "(")
	if arg == nil {
		p.text("<nil>")
	} else {
		p.text(reflectlite.TypeString(arg))
		p.char('=')
		p.printArgument(arg, 'v')
	}
	p.char(')')
	p.erroring = false
}

// printArgument prints an operand.
func (p *printer) printArgument(arg any, verb rune) {
	switch verb {
	case 'T':
		if arg != nil {
			p.printText(reflectlite.TypeString(arg))
			return
		}
	case 'p':
		if arg != nil {
			p.printPointer(arg, 'p')
			return
		}
	}
	switch x := arg.(type) {
	case nil:
		if verb == 'T' || verb == 'v' {
			p.padString("<nil>")
		} else {
			p.badVerb(nil, verb)
		}
	case string:
		p.printString(arg, x, verb)
	case int:
		p.printInteger(arg, uint64(x), true, verb)
	case []byte:
		p.printBytes(x, verb, "[]byte")
	case bool:
		p.printBool(arg, x, verb)
	case float64:
		p.printFloat(arg, x, 64, verb)
	default:
		if !p.callMethod(arg, verb) {
			p.printValue(arg, verb, 0, reachable)
		}
	}
}

// callMethod lets arg print itself, and reports whether it did.
func (p *printer) callMethod(arg any, verb rune) (handled bool) {
	if p.erroring {
		return false
	}
	if verb == 'w' {
		if _, ok := arg.(error); !ok || !p.mayWrap {
			p.badVerb(arg, verb)
			return true
		}
		verb = 'v'
	}
	switch formatter := arg.(type) {
	case Formatter:
		defer p.catchPanic(arg, verb, "Format")
		handled = true
		formatter.Format(p, verb)
		return
	}
	if p.sharpV {
		switch stringer := arg.(type) {
		case GoStringer:
			defer p.catchPanic(arg, verb, "GoString")
			handled = true
			p.printText(stringer.GoString())
		}
		return
	}
	switch verb {
	case 'v', 's', 'x', 'X', 'q':
		switch x := arg.(type) {
		case error:
			defer p.catchPanic(arg, verb, "Error")
			handled = true
			p.printString(arg, x.Error(), verb)
		case Stringer:
			defer p.catchPanic(arg, verb, "String")
			handled = true
			p.printString(arg, x.String(), verb)
		}
	}
	return
}

// catchPanic is deferred around calls of methods of arg: it prints the panic instead.
func (p *printer) catchPanic(arg any, verb rune, method string) {
	reason := recover()
	if reason == nil {
		return
	}
	// Most likely a method that does not expect a nil receiver.
	if reflectlite.Kind(arg) == reflectlite.KindPointer && reflectlite.IsNil(arg) {
		p.text("<nil>")
		return
	}
	if p.panicking {
		panic(reason)
	}
	saved := p.flags
	p.flags = flags{}
	p.complain(verb, "(PANIC=")
	p.text(method)
	p.text(" method: ")
	p.panicking = true
	p.printArgument(reason, 'v')
	p.panicking = false
	p.char(')')
	p.flags = saved
}

// separate goes between the elements of a composite value.
func (p *printer) separate(i int) {
	if i == 0 {
		return
	}
	if p.sharpV {
		p.text(", ")
	} else {
		p.char(' ')
	}
}

// printInside prints an element of a composite value; staticType is for an interface that holds nothing.
func (p *printer) printInside(v any, staticType string, verb rune, depth, reach int) {
	if v == nil {
		if p.sharpV {
			p.text(staticType)
			p.text("(nil)")
		} else {
			p.text("<nil>")
		}
		return
	}
	if reach == reachable && p.callMethod(v, verb) {
		return
	}
	p.printValue(v, verb, depth, reach)
}

// printValue prints v, which has no method for it, by its kind. depth is 0 for an operand. The compiler leaves out the
// cases of kinds that no value of the program has, as it does with types in type switches: so no variable for the kind.
func (p *printer) printValue(v any, verb rune, depth, reach int) {
	switch reflectlite.Kind(v) {
	case reflectlite.KindBool:
		p.printBool(v, reflectlite.Bool(v), verb)
	case reflectlite.KindInt, reflectlite.KindInt8, reflectlite.KindInt16, reflectlite.KindInt32, reflectlite.KindInt64:
		p.printInteger(v, uint64(reflectlite.Int(v)), true, verb)
	case reflectlite.KindUint, reflectlite.KindUint8, reflectlite.KindUint16, reflectlite.KindUint32,
		reflectlite.KindUint64, reflectlite.KindUintptr:
		p.printInteger(v, reflectlite.Uint(v), false, verb)
	case reflectlite.KindFloat32, reflectlite.KindFloat64:
		p.printFloat(v, reflectlite.Float(v), reflectlite.BitSize(reflectlite.Kind(v)), verb)
	case reflectlite.KindComplex64, reflectlite.KindComplex128:
		p.printComplex(v, reflectlite.BitSize(reflectlite.Kind(v))/2, verb)
	case reflectlite.KindString:
		p.printString(v, reflectlite.String(v), verb)
	case reflectlite.KindMap:
		p.printMap(v, verb, depth, reach)
	case reflectlite.KindStruct:
		p.printStruct(v, verb, depth, reach)
	case reflectlite.KindArray, reflectlite.KindSlice:
		p.printList(v, reflectlite.Kind(v), verb, depth, reach)
	case reflectlite.KindPointer:
		// Only an operand shows what it points to: deeper there may be cycles.
		if depth == 0 && !reflectlite.IsNil(v) {
			switch reflectlite.ElemKind(v) {
			case reflectlite.KindArray, reflectlite.KindSlice, reflectlite.KindStruct, reflectlite.KindMap:
				p.char('&')
				p.printInside(reflectlite.Elem(v), "", verb, depth+1, reach)
				return
			}
		}
		p.printPointer(v, verb)
	default:
		p.printPointer(v, verb)
	}
}

func (p *printer) printStruct(v any, verb rune, depth, reach int) {
	if p.sharpV {
		p.text(reflectlite.TypeString(v))
	}
	p.char('{')
	for i := range reflectlite.NumField(v) {
		p.separate(i)
		if p.plusV || p.sharpV {
			p.text(reflectlite.FieldName(v, i))
			p.char(':')
		}
		fieldReach := reachable
		if reach == unexported {
			fieldReach = unexported
		}
		if bits := reflectlite.FieldFlags(v, i); bits&reflectlite.FieldExported == 0 && fieldReach == reachable {
			fieldReach = unexported
			if bits&reflectlite.FieldEmbedded != 0 {
				fieldReach = embeddedUnexported
			}
		}
		p.printInside(reflectlite.Field(v, i), reflectlite.FieldTypeString(v, i), verb, depth+1, fieldReach)
	}
	p.char('}')
}

// elementReach is how elements of a value reached in this way are.
func elementReach(reach int) int {
	if reach != reachable {
		return unexported
	}
	return reachable
}

func (p *printer) printList(v any, kind int, verb rune, depth, reach int) {
	switch verb {
	case 's', 'q', 'x', 'X':
		if reflectlite.ElemKind(v) == reflectlite.KindUint8 {
			p.printBytes(reflectlite.Bytes(v), verb, reflectlite.TypeString(v))
			return
		}
	}
	opening, closing := byte('['), byte(']')
	if p.sharpV {
		p.text(reflectlite.TypeString(v))
		if kind == reflectlite.KindSlice && reflectlite.IsNil(v) {
			p.text("(nil)")
			return
		}
		opening, closing = '{', '}'
	}
	p.char(opening)
	elementType := reflectlite.ElemTypeString(v)
	for i := range reflectlite.Len(v) {
		p.separate(i)
		p.printInside(reflectlite.Index(v, i), elementType, verb, depth+1, elementReach(reach))
	}
	p.char(closing)
}

func (p *printer) printMap(v any, verb rune, depth, reach int) {
	closing := byte(']')
	if p.sharpV {
		p.text(reflectlite.TypeString(v))
		if reflectlite.IsNil(v) {
			p.text("(nil)")
			return
		}
		p.char('{')
		closing = '}'
	} else {
		p.text("map[")
	}
	entries := reflectlite.MapEntries(v)
	sortEntries(entries)
	keyType, valueType := reflectlite.KeyTypeString(v), reflectlite.ElemTypeString(v)
	for i := 0; i < len(entries); i += 2 {
		p.separate(i)
		p.printInside(entries[i], keyType, verb, depth+1, elementReach(reach))
		p.char(':')
		p.printInside(entries[i+1], valueType, verb, depth+1, elementReach(reach))
	}
	p.char(closing)
}
