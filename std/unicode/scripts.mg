package unicode

// The tables below hold their ranges as text: the first and last code point of
// each range in turn.

// Scripts.
var (
	Arabic = &RangeTable{bounds: "" +
		"\u0600\u0604\u0606\u060b\u060d\u061a\u061c\u061e\u0620\u063f\u0641\u064a" +
		"\u0656\u066f\u0671\u06dc\u06de\u06ff\u0750\u077f\u0870\u0891\u0897\u08e1" +
		"\u08e3\u08ff\ufb50\ufd3d\ufd40\ufdcf\ufdf0\ufdff\ufe70\ufe74\ufe76\ufefc" +
		"\U00010e60\U00010e7e\U00010ec2\U00010ec7\U00010ed0\U00010ed8\U00010efa\U00010eff\U0001ee00\U0001ee03\U0001ee05\U0001ee1f" +
		"\U0001ee21\U0001ee22\U0001ee24\U0001ee24\U0001ee27\U0001ee27\U0001ee29\U0001ee32\U0001ee34\U0001ee37\U0001ee39\U0001ee39" +
		"\U0001ee3b\U0001ee3b\U0001ee42\U0001ee42\U0001ee47\U0001ee47\U0001ee49\U0001ee49\U0001ee4b\U0001ee4b\U0001ee4d\U0001ee4f" +
		"\U0001ee51\U0001ee52\U0001ee54\U0001ee54\U0001ee57\U0001ee57\U0001ee59\U0001ee59\U0001ee5b\U0001ee5b\U0001ee5d\U0001ee5d" +
		"\U0001ee5f\U0001ee5f\U0001ee61\U0001ee62\U0001ee64\U0001ee64\U0001ee67\U0001ee6a\U0001ee6c\U0001ee72\U0001ee74\U0001ee77" +
		"\U0001ee79\U0001ee7c\U0001ee7e\U0001ee7e\U0001ee80\U0001ee89\U0001ee8b\U0001ee9b\U0001eea1\U0001eea3\U0001eea5\U0001eea9" +
		"\U0001eeab\U0001eebb\U0001eef0\U0001eef1"}
	Armenian = &RangeTable{bounds: "" +
		"\u0531\u0556\u0559\u058a\u058d\u058f\ufb13\ufb17"}
	Bengali = &RangeTable{bounds: "" +
		"\u0980\u0983\u0985\u098c\u098f\u0990\u0993\u09a8\u09aa\u09b0\u09b2\u09b2" +
		"\u09b6\u09b9\u09bc\u09c4\u09c7\u09c8\u09cb\u09ce\u09d7\u09d7\u09dc\u09dd" +
		"\u09df\u09e3\u09e6\u09fe"}
	Cyrillic = &RangeTable{bounds: "" +
		"\u0400\u0484\u0487\u052f\u1c80\u1c8a\u1d2b\u1d2b\u1d78\u1d78\u2de0\u2dff" +
		"\ua640\ua69f\ufe2e\ufe2f\U0001e030\U0001e06d\U0001e08f\U0001e08f"}
	Devanagari = &RangeTable{bounds: "" +
		"\u0900\u0950\u0955\u0963\u0966\u097f\ua8e0\ua8ff\U00011b00\U00011b09"}
	Ethiopic = &RangeTable{bounds: "" +
		"\u1200\u1248\u124a\u124d\u1250\u1256\u1258\u1258\u125a\u125d\u1260\u1288" +
		"\u128a\u128d\u1290\u12b0\u12b2\u12b5\u12b8\u12be\u12c0\u12c0\u12c2\u12c5" +
		"\u12c8\u12d6\u12d8\u1310\u1312\u1315\u1318\u135a\u135d\u137c\u1380\u1399" +
		"\u2d80\u2d96\u2da0\u2da6\u2da8\u2dae\u2db0\u2db6\u2db8\u2dbe\u2dc0\u2dc6" +
		"\u2dc8\u2dce\u2dd0\u2dd6\u2dd8\u2dde\uab01\uab06\uab09\uab0e\uab11\uab16" +
		"\uab20\uab26\uab28\uab2e\U0001e7e0\U0001e7e6\U0001e7e8\U0001e7eb\U0001e7ed\U0001e7ee\U0001e7f0\U0001e7fe"}
	Georgian = &RangeTable{bounds: "" +
		"\u10a0\u10c5\u10c7\u10c7\u10cd\u10cd\u10d0\u10fa\u10fc\u10ff\u1c90\u1cba" +
		"\u1cbd\u1cbf\u2d00\u2d25\u2d27\u2d27\u2d2d\u2d2d"}
	Greek = &RangeTable{bounds: "" +
		"\u0370\u0373\u0375\u0377\u037a\u037d\u037f\u037f\u0384\u0384\u0386\u0386" +
		"\u0388\u038a\u038c\u038c\u038e\u03a1\u03a3\u03e1\u03f0\u03ff\u1d26\u1d2a" +
		"\u1d5d\u1d61\u1d66\u1d6a\u1dbf\u1dbf\u1f00\u1f15\u1f18\u1f1d\u1f20\u1f45" +
		"\u1f48\u1f4d\u1f50\u1f57\u1f59\u1f59\u1f5b\u1f5b\u1f5d\u1f5d\u1f5f\u1f7d" +
		"\u1f80\u1fb4\u1fb6\u1fc4\u1fc6\u1fd3\u1fd6\u1fdb\u1fdd\u1fef\u1ff2\u1ff4" +
		"\u1ff6\u1ffe\u2126\u2126\uab65\uab65\U00010140\U0001018e\U000101a0\U000101a0\U0001d200\U0001d245"}
	Han = &RangeTable{bounds: "" +
		"\u2e80\u2e99\u2e9b\u2ef3\u2f00\u2fd5\u3005\u3005\u3007\u3007\u3021\u3029" +
		"\u3038\u303b\u3400\u4dbf\u4e00\u9fff\uf900\ufa6d\ufa70\ufad9\U00016fe2\U00016fe3" +
		"\U00016ff0\U00016ff6\U00020000\U0002a6df\U0002a700\U0002b81d\U0002b820\U0002cead\U0002ceb0\U0002ebe0\U0002ebf0\U0002ee5d" +
		"\U0002f800\U0002fa1d\U00030000\U0003134a\U00031350\U00033479"}
	Hangul = &RangeTable{bounds: "" +
		"\u1100\u11ff\u302e\u302f\u3131\u318e\u3200\u321e\u3260\u327e\ua960\ua97c" +
		"\uac00\ud7a3\ud7b0\ud7c6\ud7cb\ud7fb\uffa0\uffbe\uffc2\uffc7\uffca\uffcf" +
		"\uffd2\uffd7\uffda\uffdc"}
	Hebrew = &RangeTable{bounds: "" +
		"\u0591\u05c7\u05d0\u05ea\u05ef\u05f4\ufb1d\ufb36\ufb38\ufb3c\ufb3e\ufb3e" +
		"\ufb40\ufb41\ufb43\ufb44\ufb46\ufb4f"}
	Hiragana = &RangeTable{bounds: "" +
		"\u3041\u3096\u309d\u309f\U0001b001\U0001b11f\U0001b132\U0001b132\U0001b150\U0001b152\U0001f200\U0001f200"}
	Katakana = &RangeTable{bounds: "" +
		"\u30a1\u30fa\u30fd\u30ff\u31f0\u31ff\u32d0\u32fe\u3300\u3357\uff66\uff6f" +
		"\uff71\uff9d\U0001aff0\U0001aff3\U0001aff5\U0001affb\U0001affd\U0001affe\U0001b000\U0001b000\U0001b120\U0001b122" +
		"\U0001b155\U0001b155\U0001b164\U0001b167"}
	Khmer = &RangeTable{bounds: "" +
		"\u1780\u17dd\u17e0\u17e9\u17f0\u17f9\u19e0\u19ff"}
	Lao = &RangeTable{bounds: "" +
		"\u0e81\u0e82\u0e84\u0e84\u0e86\u0e8a\u0e8c\u0ea3\u0ea5\u0ea5\u0ea7\u0ebd" +
		"\u0ec0\u0ec4\u0ec6\u0ec6\u0ec8\u0ece\u0ed0\u0ed9\u0edc\u0edf"}
	Latin = &RangeTable{bounds: "" +
		"\u0041\u005a\u0061\u007a\u00aa\u00aa\u00ba\u00ba\u00c0\u00d6\u00d8\u00f6" +
		"\u00f8\u02b8\u02e0\u02e4\u1d00\u1d25\u1d2c\u1d5c\u1d62\u1d65\u1d6b\u1d77" +
		"\u1d79\u1dbe\u1e00\u1eff\u2071\u2071\u207f\u207f\u2090\u209c\u212a\u212b" +
		"\u2132\u2132\u214e\u214e\u2160\u2188\u2c60\u2c7f\ua722\ua787\ua78b\ua7dc" +
		"\ua7f1\ua7ff\uab30\uab5a\uab5c\uab64\uab66\uab69\ufb00\ufb06\uff21\uff3a" +
		"\uff41\uff5a\U00010780\U00010785\U00010787\U000107b0\U000107b2\U000107ba\U0001df00\U0001df1e\U0001df25\U0001df2a"}
	Mongolian = &RangeTable{bounds: "" +
		"\u1800\u1801\u1804\u1804\u1806\u1819\u1820\u1878\u1880\u18aa\U00011660\U0001166c"}
	Myanmar = &RangeTable{bounds: "" +
		"\u1000\u109f\ua9e0\ua9fe\uaa60\uaa7f\U000116d0\U000116e3"}
	Tamil = &RangeTable{bounds: "" +
		"\u0b82\u0b83\u0b85\u0b8a\u0b8e\u0b90\u0b92\u0b95\u0b99\u0b9a\u0b9c\u0b9c" +
		"\u0b9e\u0b9f\u0ba3\u0ba4\u0ba8\u0baa\u0bae\u0bb9\u0bbe\u0bc2\u0bc6\u0bc8" +
		"\u0bca\u0bcd\u0bd0\u0bd0\u0bd7\u0bd7\u0be6\u0bfa\U00011fc0\U00011ff1\U00011fff\U00011fff"}
	Telugu = &RangeTable{bounds: "" +
		"\u0c00\u0c0c\u0c0e\u0c10\u0c12\u0c28\u0c2a\u0c39\u0c3c\u0c44\u0c46\u0c48" +
		"\u0c4a\u0c4d\u0c55\u0c56\u0c58\u0c5a\u0c5c\u0c5d\u0c60\u0c63\u0c66\u0c6f" +
		"\u0c77\u0c7f"}
	Thai = &RangeTable{bounds: "" +
		"\u0e01\u0e3a\u0e40\u0e5b"}
	Tibetan = &RangeTable{bounds: "" +
		"\u0f00\u0f47\u0f49\u0f6c\u0f71\u0f97\u0f99\u0fbc\u0fbe\u0fcc\u0fce\u0fd4" +
		"\u0fd9\u0fda"}
)

// Properties.
var (
	ASCII_Hex_Digit = &RangeTable{bounds: "" +
		"\u0030\u0039\u0041\u0046\u0061\u0066"}
	Dash = &RangeTable{bounds: "" +
		"\u002d\u002d\u058a\u058a\u05be\u05be\u1400\u1400\u1806\u1806\u2010\u2015" +
		"\u2053\u2053\u207b\u207b\u208b\u208b\u2212\u2212\u2e17\u2e17\u2e1a\u2e1a" +
		"\u2e3a\u2e3b\u2e40\u2e40\u2e5d\u2e5d\u301c\u301c\u3030\u3030\u30a0\u30a0" +
		"\ufe31\ufe32\ufe58\ufe58\ufe63\ufe63\uff0d\uff0d\U00010d6e\U00010d6e\U00010ead\U00010ead"}
	Hex_Digit = &RangeTable{bounds: "" +
		"\u0030\u0039\u0041\u0046\u0061\u0066\uff10\uff19\uff21\uff26\uff41\uff46"}
	Ideographic = &RangeTable{bounds: "" +
		"\u3006\u3007\u3021\u3029\u3038\u303a\u3400\u4dbf\u4e00\u9fff\uf900\ufa6d" +
		"\ufa70\ufad9\U00016fe4\U00016fe4\U00016ff2\U00016ff6\U00017000\U00018cd5\U00018cff\U00018d1e\U00018d80\U00018df2" +
		"\U0001b170\U0001b2fb\U00020000\U0002a6df\U0002a700\U0002b81d\U0002b820\U0002cead\U0002ceb0\U0002ebe0\U0002ebf0\U0002ee5d" +
		"\U0002f800\U0002fa1d\U00030000\U0003134a\U00031350\U00033479"}
	Pattern_White_Space = &RangeTable{bounds: "" +
		"\u0009\u000d\u0020\u0020\u0085\u0085\u200e\u200f\u2028\u2029"}
	Quotation_Mark = &RangeTable{bounds: "" +
		"\u0022\u0022\u0027\u0027\u00ab\u00ab\u00bb\u00bb\u2018\u201f\u2039\u203a" +
		"\u2e42\u2e42\u300c\u300f\u301d\u301f\ufe41\ufe44\uff02\uff02\uff07\uff07" +
		"\uff62\uff63"}
	White_Space = &RangeTable{bounds: "" +
		"\u0009\u000d\u0020\u0020\u0085\u0085\u00a0\u00a0\u1680\u1680\u2000\u200a" +
		"\u2028\u2029\u202f\u202f\u205f\u205f\u3000\u3000"}
)
