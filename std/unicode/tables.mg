package unicode

// The tables of Unicode 17.0.0 (UnicodeData.txt, CaseFolding.txt), as text.
//
// Numbers are written in base 32, the lowest digit first, one character each:
// ' ' and up for a last digit, '@' and up for the others. The raw strings are
// read once, when a program first asks about a code point beyond Latin-1.

// categoryRuns has, for each run of code points of one category from 0 on, the
// length times 32 plus the category.
const categoryRuns = "" +
	`Z@!W!R#T!R#N!O!R!S!R!M!R"I*R"S#R"A:N!R!O!U!L!U!B:N!S!O!S!ZA!W!R!T$V!R!U!V!E!P!S![!V!U!V!S!K"U!B!R"U!` +
	`K!E!Q!K#R!A7S!A'B8S!B(^X!B!^0B!^N!A!^&B"A!^$A"B!A#B"A$B!A"B!A#B#A"B!A!^&A!^$B!A!B!A"B!A"^$A"B"E!A!B#` +
	`E$A!C!B!A!C!B!A!C!B!^0B!^2B!A!C!B!A!B!A"^\!B&A"B!A"B"A!B!A#^*BD"E"B:D2U$D,U.D%U'D!U!D!U1FP#^$D!U!A!B` +
	`!@"D!B#R!A!@$U"A!R!A#@!A!@!A"B!A1@!A)BC!A!B"A#B#^8B$A!B!S!A!B!A"B"AS!BP!^B!V!F%H"^V!A!^.B!^@#@!AF!@"` +
	`D!R&BI!R!M!@"V"T!@!FM!M!F!R!F"R!F"R!F!@(E;@$E$R"@+[&S#R"T!R"V"F+R![!R#E@!D!E*F5I*R$E"F!EC#R!E!F'[!V!` +
	`F&D"F"V!F$E"I*E#V"E!R.@![!E!F!E>F;@"EY"F+E!@.I*EA!F)D"V!R#D!@"F!T"E6F$D!F)D!F#D!F%@"R/@!E9F#@"R!@!E+` +
	`@%E8U!E'["@%F)EI!D!F8[!F@!G!EV!F!G!F!E!G#F(G$F!G"E!F'E*F"R"I*R!D!E/F!G"@!E(@"E"@"E6@!E'@!E!@#E$@"F!E` +
	`!G#F$@"G"@"G"F!E!@(G!@$E"@!E#F"@"I*E"T"K&V!T!E!R!F!@"F"G!@!E&@$E"@"E6@!E'@!E"@!E"@!E"@"F!@!G#F"@$F"@` +
	`"F#@#F!@'E$@!E!@'I*F"E#F!R!@*F"G!@!E)@!E#@!E6@!E'@!E"@!E%@"F!E!G#F%@!F"G!@!G"F!@"E!@/E"F"@"I*R!T!@'E` +
	`!F&@!F!G"@!E(@"E"@"E6@!E'@!E"@!E%@"F!E!G!F!G!F$@"G"@"G"F!@'F"G!@$E"@!E#F"@"I*V!E!K&@*F!E!@!E&@#E#@!E` +
	`$@#E"@!E!@!E"@#E"@#E#@#E,@$G"F!G"@#G#@!G#F!@"E!@&G!@.I*K#V&T!V!@%F!G#F!E(@!E#@!E7@!E0@"F!E!F#G$@!F#@` +
	`!F$@'F"@!E#@!E"@"E"F"@"I*@'R!K'V!E!F!G"R!E(@!E#@!E7@!E*@!E%@"F!E!G!F!G%@!F!G"@!G"F"@'G"@%E#@!E"F"@"I` +
	`*@!E"G!@,F"G"E)@!E#@!EI!F"E!G#F$@!G#@!G#F!E!V!@$E#G!K'E#F"@"I*K)V!E&@!F!G"@!E2@#E8@!E)@!E!@"E'@#F!@$` +
	`G#F#@!F!@!G(@&I*@"G"R!@,EP!F!E"F'@$T!E&D!F(R!I*R"@E!E"@!E!@!E%@!E8@!E!@!E*F!E"F)E!@"E%@!D!@!F'@!I*@"` +
	`E$@@!E!V#R/V!R!V#F"V&I*K*V!F!V!F!V!F!N!O!N!O!G"E(@!ED!@$F.G!F%R!F"E%F+@!FD!@!V(F!V&@!V"R%V$R"@E!EK!G` +
	`"F$G!F&G!F"G"F"E!I*R&E&G"F"E$F#E!G#E"G'E#F$E-F!G"F"G&F!E!G!I*G#F!V"AF!@!A!@%A!@"BK!R!D!B#EI*@!E$@"E'` +
	`@!E!@!E$@"EI!@!E$@"EA!@!E$@"E'@!E!@!E$@"E/@!EY!@!E$@"EC"@"F#R)K4@#E0V*@&AV"@"B&@"M!EL3V!R!E1W!E:N!O!` +
	`@#EK"R#J#E(@'E2F#G!@)E3F"G!R"@)E2F"@,E-@!E#@!F"@,ET!F"G!F'G(F!G"F+R#D!R#T!E!F!@"I*@&K*@&R&M!R$F#[!F!` +
	`I*@&EC!D!EU!@'E%F"EB!F!E!@%EF"@*E?@!F#G$F"G#@$G"F!G&F#@$V!@#R"I*E>@"E%@+EL!@$E:@&I*K!@#VB!E7F"G"F!@"` +
	`R"EU!G!F!G!F'@!F!G!F!G"F(G&F*@"F!I*@&I*@&R'D!R&@"F.H!F?@"F,@4F$G!EO!F!G!F%G!F!G%F!G"E(@!R"I*R'V*F)V)` +
	`R#F"G!E>G!F$G"F"G!F#E"I*EL!F!G!F"G#F!G!F#G"@(R$ED!G(F(G"F"@#R%I*@#E#I*E>D&R"B)A!B!@%AK!@"A#R(@(F#R!F` +
	`-G!F'E$F!E&F!E"G!F"E!@%BL!D_!B-D!BB!DE!F@"^V$B(^B#B(A(B&@"A&@"B(A(B(A(B&@"A&@"B(@!A!@!A!@!A!@!A!B(A(` +
	`B.@"B(C(B(C(B(C(B%@!B"A$C!U!B!U#B#@!B"A$C!U#B$@"B"A$@!U#B(A%U#@"B#@!B"A$C!U"@!W+[%M&R"P!Q!N!P"Q!N!P!` +
	`R(X!Y![%W!R)P!Q!R$L"R#S!N!O!R+S!R!L!R*W![%@![*K!D!@"K&S#N!O!D!K*S#N!O!@!D-@#TB!@.F-H$F!H#F,@/V"A!V$A` +
	`!V"B!A#B"A#B!V!A!V"S!A%V&A!V!A!V!A!V!A$V!B!A$B!E$B!V"B"A"S%A!B$V!S!V"B!V!K0JC!A!B!J$K!V"@$S%V%S"V$S!` +
	`V"S!V"S!V'S!V?S"V"S!V!S!V?SL(V(N!O!N!O!V4S"V'N!O!VQ"S!V>S9VH!S&VH"@6V+@5K\!VN"K6VW%S!V)S!VV!S(VO#S!V` +
	`X'N!O!N!O!N!O!N!O!N!O!N!O!N!O!K>VL!S%N!O!S?N!O!N!O!N!O!N!O!N!O!S0V@(SC$N!O!N!O!N!O!N!O!N!O!N!O!N!O!N` +
	`!O!N!O!N!O!N!O!S_!N!O!N!O!S@!N!O!SB(VP!S5V"S&VG!@"VJ$AP!BP!A!B!A#B"^&A#^$B!A!B&D"A"^D#B!V&^$F#A!B!@%` +
	`R$K!R"BF!@!B!@%B!@"EX!@'D!R!@.F!E7@)E'@!E'@!E'@!E'@!E'@!E'@!E'@!E'@!F@!R"P!Q!P!Q!R#P!Q!R!P!Q!R)M!R"M` +
	`!R!P!Q!R"P!Q!N!O!N!O!N!O!N!O!R%D!R*M"R$M!R!N!R-V"R#N!O!N!O!N!O!N!O!M!@B!V:@!VY"@,VV&@:V0W!R#V!D!E!J!` +
	`N!O!N!O!N!O!N!O!N!O!V"N!O!N!O!N!O!N!O!M!N!O"V!J)F$G"M!D%V"J#D!E!R!V"@!EV"@"F"U"D"E!M!EZ"R!D#E!@%EK!@` +
	`!E^"@!V"K$V*E@!VF!@)V!E0V?@!K*V>K(V!K/V@!K*VG!K/V@*E@N&V@"EUP4D!EWC!@#VW!@)EH!D&R"EL(D!R#E0I*E"@4^N!` +
	`E!F!H#R!F*R!D!^<D"F"EF"J*F"R&@(U7D)U"^.B"^^!D!B(^$A!^*D!U"^$E!^$B"^4A%B!A$^0A#^$A!^0A!@4D$A!B!E!D"B!` +
	`E'F!E#F!E$F!E7G"F"G!V$F!@#K&V"T!V!@&ET!R$@(G"ER!G0F"@(R"I*@&F2E&R#E!R!E"F!I*E<F(R"E7F+G"@+R!E=@#F#G!` +
	`EO!F!G"F$G"F"G#R-@!D!I*@$R"E%F!D!E)I*E%@!EI!F&G"F"G"F"@)E#F!E(F!G!@"I*@"R$E0D!E&V#E!G!F!G!ER!F!E!F#E` +
	`"F"E%F"E!F!E!@8E"D!R"E+G!F"G"R"E!D"G!F!@*E&@"E&@"E&@)E'@!E'@!BK!U!D$B)D!U"@$BP"EC!G"F!G"F!G"R!G!F!@"` +
	`I*@&ED]*@,E7@$EQ!@$\@@"]@H&EN+@"EJ#@F!B'@,B%@%E!F!E*S!E-@!E%@!E!@!E"@!E"@!EL#U1V0EK+O!N!V0E@"V"EV!V(` +
	`@@!E,T!V#F0R'N!O!R!@&F0R!M"L"N!O!N!O!N!O!N!O!N!O!N!O!N!O!N!O!R"N!O!R$L#R#@!R$M!N!O!N!O!N!O!R#S!M!S#@` +
	`!R!T!R"@$E%@!EG$@"[!@!R#T!R#N!O!R!S!R!M!R"I*R"S#R"A:N!R!O!U!L!U!B:N!S!O!S!N!O!R!N!O!R"E*D!EM!D"E?@#E` +
	`&@"E&@"E&@"E#@#T"S!U!V!T"@!V!S$V"@*[#V"@"E,@!E:@!E3@!E"@!E/@"E.@B!E[#@%R#@$KM!@#V)JU!K$V1K"V#@!V-@#V` +
	`!@O!VM!F!@B$E=@#EQ!@/F!K;@$E@!K$@)E4J!E(J!@%EF!F%@%E>@!R!ED!@$E(R!J%@J!AH!BH!EN"@"I*@&AD!@$BD!@$EH!@` +
	`(ET!@+R!A+@!A/@!A'@!A"@!B+@!B/@!B'@!B"@#ET!@,EW)@)E6@*E(@8D&@!DJ!@!D)@E"E&@"E!@!EL!@!E"@#E!@"E7@!R!K` +
	`(E7V"K'E?@(K)@P!E3@!E"@%K%E6K&@#R!E:@%R!E:@F!EX!@$K"E"K0@"KN!E!F#@!F"@%F$E$@!E#@!E=@"F#@$F!K)@'R)@'E` +
	`=K"R!E=K#@@!E(V!E<F"@$K%R'@)EV!@#R'E6@"K(E3@%K(E2@'R$@,K'@P"EI"@W!AS!@-BS!@'K&ED!F$@(I*@&I*E$D!E!A6@` +
	`#F%M!D!B6@(S"@P&K?@!EJ!@!F"M!@"E"@0E#D!E"@(R!V(@A!F&E=K*E!@(E6F+K$R%@6E2F$R$@F!E5K'@4E7@)G!F!G!EU!F/` +
	`R'@$K4I*F!E"F"E!@)F#G!EM!G#F$G"F"R"[!R$F!@*[!@"E9@'I*@&F#ED!F%G!F(@!I*R$E!G"E!@(EC!F!R"E!@)F"G!EP!G#` +
	`F)G"E$R$F$R!G!F!I*E!R!E!R#@!K4@+E2@!E9G#F#G"F!G!F"R&F!E"F!@^!E'@!E!@!E$@!E/@!E*R!@&EO!F!G#F(@%I*@&F"` +
	`G"@!E(@"E"@"E6@!E'@!E"@!E%@!F"E!G"F!G$@"G"@"G#@"E!@&G!@%E%G"@"F'@#F%@+E*@!E!@"E!@!EF!@!E!G#F&@!G!@"G` +
	`!@!G$@!G"F!G!F!E!F!E!R"@!R"@(F"@=EU!G#F(G"F#G!F!E$R%I*R"@!R!F!E#@>EP!G#F&G!F!G$F"G!F"E"R!E!@(I*@F%EO` +
	`!G#F$@"G$F"G!F"R7E$F"@B!EP!G#F(G"F!G!F"R#E!@+I*@&R-@3EK!F!G!F!G"F&G!F!E!R!@&I*@&I4@<E;@"F!G!F!G"F$G!` +
	`F%@$I*K"R#V!E'@Y%EL!G#F)G!F"R!@D#A@!B@!I*K)@,E(@"E!@"E(@!E"@!E8G&@!G"@"F"G!F!E!G!E!G!F!R#@)I*@F"E(@"` +
	`EG!G#F$@"F"G$F!E!R!E!G!@;E!F*EH!F&G!E!F$R(F!@(E!F&G"F#EN!F-G!F"R#E!R%@-EI"@'R*@V"F!G!F#G!F!G!@X"EA!R` +
	`!@.I*@&E)@!EE!G!F'@!F&G!F!E!R%@*I*K3@#R"E>@"F6@!G!F'G!F"G!F"@I"E'@!E"@!EF!F&@#F!@!F"@!F'E!F!@(I*@&E&` +
	`@!E"@!E@!G%@!F"@!G"F!G!F!E!@'I*@&EI!D!E"@$I*@V'E3F"G"R"@'F"E!G!E-@!EB!G"F%@#G"F!G!F!R-I*F!@U"E!@/K5V` +
	`(T$V1@-R!EZ<@F#JO#@!R%@+ED&@LR"EA#R"@-EPA![0F!E&F/@*E[\#@%EG2@YU&E>F,G#F#I*@FV!EY1@'E?@!I*@$R"EO"@!I` +
	`*@&E>@"F%R!@*EP!F'R%V$D$R!V!@*I*@!K'@!E5@%E3@P-D#EH!D"R#I*@F&A@!B@!K7R$@%A9@"B9@L!EK"@$F!E!GW!@'F$D-` +
	`@@"D"R!D!F!@+G"D"J#@)EVF'@I!E@!@A#ES#@]O(D$@!D'@!D"@!EC)@/E!@=E#@"E!@.E$@(EL,@DH"EK#@%E-@#E)@'E*@"V!` +
	`F"R![$@\Z#VP'I*V#@#VT-@&V7@/V0S!@/FN!@"F7@)VT#@\!VV'@*VG!@"V\!G"F#V#G&[(F(V"F'V>F$V]!@5VB"F#V!@Z#K4@` +
	`,K4@,VW"@)K9@G$A:B:A:B'@!B2A:B:A!@!A"@"A!@"A"@"A$@!A(B$@!B!@!B'@!B+A:B:A"@!A$@"A(@!A'@!B:A"@!A$@!A%@` +
	`!A!@#A'@!B:A:B:A:B:A:B:A:B:A:B:A:B<@"A9S!B9S!B&A9S!B9S!B&A9S!B9S!B&A9S!B9S!B&A9S!B9S!B&A!B!@"IR!V@0F` +
	`W!V$FR!V(F!V.F!V"R%@/F%@!F/@PB!B*E!B4@&B&@U&F'@!F1@"F'@!F"@!F%@%D^!@A!F!@P#EM!@#F'D'@"I*@$E!V!@@*E>F` +
	`!@1EL!F$I*@%T!@P.E;D!F$I*@V&E>F"E!I*@$R!@@&E?@!E#F!E"F!E'F"E%F!@(E!D!@@'E'@!E$@!E"@!E/@!EE&@"K)F'@I!` +
	`AB!BB!F'D!@$I*@$R"@Q8K[!V!K#T!K$@L"KM!V!K/@B&E$@!E;@!E"@!E!@"E!@!E*@!E$@!E!@!E!@&E!@$E!@!E!@!E!@!E#@` +
	`!E"@!E!@"E!@!E!@!E!@!E!@!E!@!E"@!E!@"E$@!E'@!E$@!E$@!E!@!E*@!E1@%E#@!E%@!E1@T!S"@N(VL!@$VD#@,V/@"V/@` +
	`!V/@!VE!@*K-VA%@X!V=@-VL!@$V)@'V"@.V&@Z$V['U%VY6@#V1@#V-@#VZ&@&V,@$V!@/V,@$VX!@(V*@&VH!@(V>@"V,@$V"@` +
	`.S)@G!VX*@(V.@"V-@#V+@#VY!@!V!@$V0@"V,@$V*@'VS$@!V\"I*V!@E@!E@WI!@@!E^H$@"ENT%@"EQI'@/EN3@BM"E^0@BO!` +
	`EKZ$@%EJI(@G\R5[!@>[@#@@$FP'@PP_!]^__!@"]^__!@"`

// latin1Categories has the category of each Latin-1 code point, as an offset from ' '.
const latin1Categories = "" +
	`::::::::::::::::::::::::::::::::72224222./232-22))))))))))2233322!!!!!!!!!!!!!!!!!!!!!!!!!!.2/5,5"""` +
	`""""""""""""""""""""""".3/3:::::::::::::::::::::::::::::::::7244446256%03;6563++5"225+%1+++2!!!!!!!!` +
	`!!!!!!!!!!!!!!!3!!!!!!!""""""""""""""""""""""""3""""""""`

// caseMappings has for each range of code points: its distance from the end of
// the one before, its length less one, and what to add for the upper, lower and
// title case: 4n for +n, 4n+2 for -n, 1 where upper and lower case alternate.
const caseMappings = "" +
	`A"9 @$ '9B$ B$[! \\" \\"+6 @$ "& @$ "6B$ B$"&B$ B$! D/ D/!O!!!!!  ^8 ! B= B=!%!!!"/!!!"M!!!!!  F/ !%` +
	`!!!! RE! RE!! L8 L8!  H: !#!!!!  X9 !!!!!!! T9 !!!!!"  \) !  H9 !  L9 !!!!!!  T9 !  \9 ! D, D,!  L: !` +
	`  D: !!!!!! L4 L4! DHF% DHF%!  L: !  T: ! H0 H0!  X: !%!!!!  H; !!!!!!  H; #!!!!!  H; !!!!!!! D; !#!` +
	`!!!  L; !!!!!#!!!!" @' @'%  ($! &$ ! * &!  ($! &$ ! * &!  ($! &$ ! * &!/!!!! ^) ^)!1!!!"  ($! &$ ! *` +
	` &!!!!!!  F, !  B' !G!!!!!  J0 "1!!!'  LEJ! !!!!!!  N4 !  @EJ! !!\GJ! \GJ!!!!!!!  N8 !  T( !  \( !)!` +
	`!!! \CJ! \CJ!! PCJ! PCJ!! XCJ! XCJ!! J: J:! Z9 Z9"!V9 V9" J9 J9" N9 N9! \IE% \IE%$ V9 V9! LIE% LIE%"` +
	` ^9 ^9! \LE% \LE%! @EE% @EE%! PHE% PHE%" F: F:! N: N:! PHE% PHE%! \^I! \^I!! DHE% DHE%# N: N:" T_I! T` +
	`_I!! V: V:# Z: Z:( \\I! \\I!# J; J;" LHE% LHE%! J; J;$ HEE% HEE%! J; J;! V( V(!!F; F;! ^( ^(& N; N;+` +
	` TBE% TBE%! HBE% HBE%G% P* P*K!#!!!#!!!!$"H0 H0"  P. '  X$ "" T$ "  @( "! \' "0 @$ "( @$ ! Z$ Z$!"V$` +
	` V$"0B$ B$! ^# ^#!(B$ B$! B( B(!!^' ^'!  @! ! Z' Z'! F' F'$ ^% ^%! Z& Z&! B! B!!7!!!! Z* Z*! B* B*! <` +
	` <! R. R.!  R' ! B, B,"!!!!!  > !!!!!"" J0 !/ @* !? @$ !?B$ B$!/B* B*!A!!!!)U!!!!!  \! !-!!!! ^! ^!!` +
	`_"!!!"E! @& +E!B& B&ZX"E! @L< "  @L< &  @L< #J!@X+  #"@X+  A5O" @ZW$ !% @! #%B! B!CD" ZM8 ZM8! VM8 V` +
	`M8! RL8 RL8!!JL8 JL8! NL8 NL8! RK8 RK8! VD8 VD8! HXI$ HXI$!!!!!&J! BX+ #" BX+ Z% P@J$ P@J$$ X\. X\.1` +
	` @GJ$ @GJ$R#U$!!!& N' N'#  ^W= "_"!!!!'@! @!!' B! !%@! @!#% B! #'@! @!!' B! !'@! @!!' B! !%@! @!#% B` +
	`! $ @! @!" @! @!" @! @!" @! @!"  B! "  B! "  B! "  B! !'@! @!!' B! !!H) H)!#X* X*!!P, P,!!@0 @0!!@. @` +
	`.!!X/ X/#'@! @!!' B! !'@! @!!' B! !'@! @!!' B! !!@! @!" D! D!%! B! !! J) !  F! " VD< VD<% D! D!%# Z*` +
	` !  F! $!@! @!'! B! !! R, %!@! @!$ < <#! B! !! B. !  > ' D! D!%! B0 !! Z/ !  F! J)  VK= $  ^W@! !  Z` +
	`H@! '  P# < R# R#2/ @" !/B" B"$!!!!R99 H# !9J# J#WX!O! @& !O!B& B&!!!!!!  ^^I! !  Z\. !  ^\I! ! NEJ!` +
	` NEJ!! BEJ! BEJ!!%!!!!  RCJ! !  V_I! !  ^CJ! !  ZCJ! "!!!!"!!!!(! ^GJ! !C#!!!(#!!!$!!!!-E!BL< BL<" B` +
	`L< BL<& BL< BL<SH>M!!!!3;!!!G$-!!!#]!!!!*#!!!!  R@J$ !)!!!$!!!!!  BEE% ##!!!! @& @&"3!!!!  RHE% !  ^` +
	`IE% !  NIE% !  FHE% !  RHE% "  JBE% !  JEE% !  VBE% !  @T# !/!!!!  B& !  NHE% !  BGJ$ !#!!!!  ^LE% !` +
	`/!!!!  FHF% 9!!!!]: BT# BT#=O"BZW$ BZW$B[49 @$ '9B$ B$FE!G! @% !G!B% B%A#C! @% %C!B% B%U#* \$ ". \$ "` +
	`& \$ "! \$ "*^$ ^$".^$ ^$"&^$ ^$"!^$ ^$DV!R! @( .R!B( B(^"5 @$ +5B$ B$[X"? @$ !?B$ B$AK5? @$ !?B$ B$` +
	`A!8 L# #8N# N#MQ>A! H$ !A!J$ J$`

// foldOrbits lists the sets of code points equal under simple folding that the
// case mappings do not give, in ascending order and separated by spaces.
const foldOrbits = "" +
	"Kk\u212a Ss\u017f \u00b5\u039c\u03bc \u00c5\u00e5\u212b \u00df\u1e9e " +
	"\u0130 \u0131 \u01c4\u01c5\u01c6 \u01c7\u01c8\u01c9 \u01ca\u01cb\u01cc " +
	"\u01f1\u01f2\u01f3 \u0345\u0399\u03b9\u1fbe \u0390\u1fd3 \u0392\u03b2\u03d0 \u0395\u03b5\u03f5 " +
	"\u0398\u03b8\u03d1\u03f4 \u039a\u03ba\u03f0 \u03a0\u03c0\u03d6 \u03a1\u03c1\u03f1 \u03a3\u03c2\u03c3 " +
	"\u03a6\u03c6\u03d5 \u03a9\u03c9\u2126 \u03b0\u1fe3 \u0412\u0432\u1c80 \u0414\u0434\u1c81 " +
	"\u041e\u043e\u1c82 \u0421\u0441\u1c83 \u0422\u0442\u1c84\u1c85 \u042a\u044a\u1c86 \u0462\u0463\u1c87 " +
	"\u1c88\ua64a\ua64b \u1e60\u1e61\u1e9b \ufb05\ufb06"
