package rand

// The additive lagged Fibonacci generator of Mitchell and Reeds: each number is
// the sum, modulo 2**64, of those 607 and 273 places before it.
const (
	longLag  = 607
	shortLag = 273
)

// lehmerModulus is that of the generator the seed is spread with.
const lehmerModulus = 1<<31 - 1

// fibonacciSource is the Source of NewSource.
type fibonacciSource struct {
	short, long int // indexes of the next two summands
	state       [longLag]uint64
}

// Uint64 implements Source64.
func (s *fibonacciSource) Uint64() uint64 {
	s.short--
	if s.short < 0 {
		s.short += longLag
	}
	s.long--
	if s.long < 0 {
		s.long += longLag
	}
	sum := s.state[s.long] + s.state[s.short]
	s.state[s.long] = sum
	return sum
}

// Int63 implements Source.
func (s *fibonacciSource) Int63() int64 { return int64(s.Uint64() &^ (1 << 63)) }

// Seed implements Source.
func (s *fibonacciSource) Seed(seed int64) {
	s.short = 0
	s.long = longLag - shortLag
	seed %= lehmerModulus
	if seed < 0 {
		seed += lehmerModulus
	}
	if seed == 0 {
		seed = 89482311
	}
	x := uint64(seed)
	for i := 0; i < 20; i++ {
		x = nextLehmer(x)
	}
	for i := range s.state {
		x = nextLehmer(x)
		word := x << 40
		x = nextLehmer(x)
		word ^= x << 20
		x = nextLehmer(x)
		s.state[i] = word ^ x ^ warmState(i)
	}
}

// nextLehmer steps the multiplicative generator of Park and Miller.
func nextLehmer(x uint64) uint64 { return x * 48271 % lehmerModulus }

// warmState returns word i of the generator's state after 7.8e12 steps from
// seed 1, which makes even similar seeds start far from each other.
func warmState(i int) uint64 {
	word := uint64(0)
	for at := i * 11; at < i*11+11; at++ {
		word = word<<6 | uint64(warmStates[at]-' ')
	}
	return word
}

// warmStates has those words in base 64, the highest of 11 digits first, as
// characters from ' ' on.
const warmStates = "" +
	`,7W2C/KF/_J,![2D&ZEE];!->Q1/+@:\/$H$^URG0Y7K*?H@QQW$,^.'U=Y.B/-\'#&,ASW=#_X6I$++!E5JG_EA&XFR-% Z-?2$FG41\T$?J@` +
	`''M=TDBIE!5)U<G\9?ZBU<#^]JSE* 4-H'#Z,UEIDC0+*X0^T[.IFH"/>?O*F+O-&*)?WS+$NHX"L &1UY3*\RL;#]J,C0DXRRO,9"S)(? 10K` +
	`*$BAI]/\X!H*6QHQ$GKSD@%L'I/F]PIV6&HJESPI@26&&JD,]OW>E+A(.4(6X[BLF>-N J<516YE\ /#\N_SR_=I*:UY#'N_R$, [(4S29*5/U` +
	`"YJ%#+?$-'I+WD8IE9T;%)&>93#AV.'E1 X5U&%5FZYC+V_EL3ITJ!W+!/8H9JVB#S"&0VA9&VY>_%!QASP8,I5Z#X[4#H9VI!+#/CB*7RQX4H` +
	`+['"ZP9T.AW  E:7#X&_!R/?1BA3V3ZB&*1N^7BTU'-,'@O\5<Q)Z>.  D&PK5F^NF-K%25D?Z5LO&&5^O*(3"TY%:<*[VP[S1= N+8#E0C.(>` +
	`.\5=G!4-=*[!U>D KU\=CW!Z0+1A]?]0W'\B>WR/X.MY#AY#F(!Z[N8$2!CJQY(N%Q 98UL50VM- (2_N)3,<I::*>%44'CLRF])RS%5:QNN=&` +
	`#R@D 3Y:&]) Q0%&U^4(=I,TUV/^36LEP-Z8&+2J%538$WS?OUD,]J@/61Z:T%LN!6!=GZPO;^#XI+@D<I)34IGR+KF19=:7DSK.SJ>!5<.\,K` +
	`$XI7E-7K.AN(N0:II/K;L(/U0"&KV1&/)*T#A:S]&=;\+OFU*7AT3J?/P)GS.WFP.<-EX(B2$#%HU!=..+Q%U1K/%/X+Y]4WDX^.$-^@J'L^\.` +
	`.H)V>Q[0Y=I%&>P\?,3% 1 M'F0_$$^/5#\'X'[/SEOB*72T+BW&2*^$4>ZA_(?,=A,A07M[W\=;=/MNUXX '.D%-?,"C9$]&BZ!3",=LN1"G0` +
	`.(<S9J0E#W3&9(:?4HC\+1-W%;V!.%H^U$%1Y*NPL?KV.R61^C.I[DG':G0AA]OF'>(!WC4!)> X\))Q1$;";.03&5'6\ 9YW + X(>!U@V&T7` +
	`)\/#^G5]7'@$=N8K\SB&Y7(QQ#/]23K3F"3H5J6>.)FE%2??(M7@QB:)@(4YP& @ 4+C\6>ZR451G/./_XN$F:84/6F*^<Z/5(B%"+@H,K3$@X` +
	`/40G\=H+_C>-,<K?%<Q3\,,%R!0E :U@F.D <5(0O);Z <$_C4VTY/[,9<FV[,KOM*(NOQS"2OD 9 ?PM9G7>(GJ!C>"DFX^EB;"\73G')@P_P` +
	`+1PMX"B9X7=""FMV$CL6*^)'OO23-Q8,B/M[MU FLR8C- ]'*^:'P30*7P^0F\KNDA$:J?.V='(X+/S8IYYZ8K;Y#K$SP6\Z#\4$7%>: (H#?$` +
	`$!3B(Y2>1+0/B/H+(HGWL7%'[KUT@ KW:(KD Z@2RD>$ U^HC<RGZ10,L_!+\"MO((,>69#Z*.>TS/V2UY[76V09"%H(<BR6.BL.D].O][1NDQ` +
	`#:PA8S\MRMJ*Y>/)_G_Q%G"KTPY4Y',*E.;$_0=OZW9V%#OM?LQ[>=S&U_)#-9V_RN'&3YT T#@_;(_U'W.DQMV2)132V[Z'*EF,!J<D4@UPU!` +
	`##-%KT9$@62(U%:U@,+-;<%QBO UJA"GO$AT3JFXZ3E>!CO%()<A*[A$H>,K<Z<>(T _N;R?$4BC $9.+CO@TN2A".[9_2"X6 ( \1M4'H)',G` +
	`*Y]^0Q]*J_7%3A])84+#D:!U #O8E^D)T)D&EF80SIX3")%6337P<S:.9!0CFWVI(@+2?D)'V)U56(*1:SUD*(J])]2T*''!F^@&0J9FS[C/"A` +
	`(R=F!VP8ZV#&/?HF%8MGY*,X\_C;K[,+?+;DZRNE4V3_&_2%YX-=Q?1+EQHK<V(D?;-OESR75$,4[),/**US<U)A%J5W0$$?^N+#"ML4!S6+1:` +
	`'^T1W9X3!"#!L@Z/3K!U0&-PG7T"VQ\#9',M^-VF>P\G+8F-Z_$A,B%&')ADF#B_8Q-\&'^XP)W]8)73(@4MK!15'K3!(;D>*[I#)G(A]*SM%%` +
	`$>8!P4L-6:X*@"4U"G?J"Y$(:?L+\%IS3%<G.K!1*:< +KD]_MQGT/R!Q;V%?HN+](-K5E!AI<?-9#]1BJV<0G 4$Q#P[C,CH(8)@?NE9ODM^W` +
	` >LJL54-<"L%^PB! XR[R//)#M55LOKIS&,4GS [YY_4/:JWD,?<21U$S2I5>VR\)+"&\:77!:=YR,KWC/0,=H$T/$\W6)*$A6?-5ST 0;.0T^` +
	`&GJB]D[K>@&%>+KSUXS6'R#,8J3I_:)W)"VG4!R]OE(U%MM1(R;L1(  -E9LIF\C&T+B>4>GBMS?D'!&AU0<FVC/"C?**-=*3?)(O^LG5I1+"U` +
	`"G"04/"(TZ</3]>4^- @:/ 60\&C?%>5].2MF*VKC< )$%5L8*!E*0&,Y&,"?4_W0_-,&(Q%H[ A%*X!F$F&P,,Y,QAF#96F Y:+:TLA*O/04:` +
	`'"J\4IP;.%Z#5'R\F5WCI &("N-GIZ%9?(I)ZA@=VZPT%.GO+DH4\Y!**J$R5&H6\Z-;!9F-+R2AB)+_:LZ\DZ!Q'I ,H"I;.I1%H8.X^!9EHD` +
	`"(K3(#2P.1D(6>/4U8NCJF+FB@XG++^5C(.B#+B5$O[D,O6D;!ALPR](@YNOCSK)\)%W? [/MT<2X/8FE,3+@NT)-#& [F'F]-@(58VO> 0F97` +
	`,A_VQMBGC*K-=Y.-46AB_A.,Z5I8G6>P  4;R"\72Y#9*L[7>O*TER&*AV:]#=FS7;$)?)K:#RA2'%T\*T"@=O93'1DZ8IR^-8T"\"W3[J3GA!` +
	`$"7?^A"4GAW/OP&M22*QUB,J5G"J+3NHI&G*?*$04S@"&LV26-7)'O9']\!V1<I[(R+C&/Z4*XV=[*"W_71P.4?8",?L:#<C.!Y!:V,T*WR6YW` +
	`,TYJ0G7YH G!0G:%L9RNS=)R<;-*.D;=-)'!^WD.#3I4'YGT[VX&[81-.6_ V)]N(1$5^K/NP2>LB!WAEYOU94W5%U#;*=872C*-/7XH8R&-EY` +
	`"^GOCS/G19%!^WI^%[GLRP"LK'\[9*<*"-A:D#=>9#$-,LS:A81(GV]&-I)?6Z^'#-$/@T"5+A'%> @.Q75W(9)'!=>Y ]8^]EQ#UXS#9;K;SA` +
	`(25H':#D#*5(^)P-,Y:CM3&.;J!R(V(BF#^OC9QW7*>!.K$#3]1G2B3 '^,=C'WWW$ -M@ ,X?=;;(P&(?=H(@J7%G6J,QZ""<'"KJ5RKX1G5@` +
	`!R1 3;)_?G#,<^W?X1$X7B'GMN:*FHX??-56T7K<Q?;[/<G"?EK**/'%4M:?!"C<YJ)R[M+Z:DL(6$\WKO;*]!Q=--#$1#-UZF8#Q\'>6SS!W*` +
	` 2#$:=B7JO9%[D'+0,J!XL$,X6VCE';_\--J'W#4^:+_,KJS+DGL,M<#_=KD%CX!#D Y_5%*HR1[@'YA,518EPS+(N"' L0!4QU,1$SQ'YA 8(` +
	`"4VMZ=@+VM-#,7AM6A)OE_,FIS7"#<MN3-?G6@=4)%':*3EH0TH99$$) DZ\OXN.:O @3?#. \R4C#*C$1BI7D)?+UD"V% @"L>)9^/-#Q*QQ?` +
	` ,0B>A_NKFG/$;^[.Z/@A!#M_PZT-'--K+^R]-EHMUG#$R$=59)!=("."H"RIB-OJ#(:EN&<:@SKC'E@B"CKC^6- ,KRY]7(><7!+2).7<?A;>` +
	`"GFBX)1X-25"O 2G4(RPBC(7X-:9(,ITE$TGF?>7[!FH$0ZK<!V\NT0(DU?>)WY&<7*]Y!ZZV/)UL"?.:^ $VULU)N_ BC96_'8*XQX7LEX;-C` +
	`"/I0IZ5?;DE)4.7ZL\?F@E"KJ-G&_GUDS++2[T,Y,A L U^TA['?\C!.I?$H#TCF)'!>W1\WS$:Y". !!@ZI^H..*RG4(Q;S/R$*.JH(0_!/EC` +
	`/E)]Z3HZ].E"*':][]0=]L,$D<D\'YIY\+]'#?(]6J:T"F8-2"9]9"X!',D/18E64] -5#:&K*/C1'A"S%PK&S3; BWFS:4K(0 +]RU0N$^6XL` +
	`)1P>?CK"/60&ELMR&"!0AR-2(6\FL-M6G&RXB+5Y_I?A&*4@A!2!.3]#SO>0@6N3<!+VG>B:^$V56/N/AA,4W:@H BBM[@#KEO/-/(J1[0,C% ` +
	`(<  :"X9^P^.3VP?FPD]WE(X(:^R\"X-X)YU49? ;_S'"1G!>XT\@3X,>2=8+5%B9,+/A>Z1U1A,\*,_$1M<JK3B*(]CA840R5>$CQ*+-$T(&<` +
	`&S1(OLYJR!-%PI$+\CCS:J)"NK!#@7YNZ)U4MK /Y"K*.B/9#AZ#\W+,1:(%\!1S8),=H[8ZVN,@M/(ED@U#_2.L"6]K5J*@7ED'Z\G.^Y 5JK` +
	`#P>YX^DZG,].,.A=%U>2*D&$2/<7@@?XA-R&P1!Y9TYF(D8ES^Y&KG[ #4[E7*;8PJ-4 1VU2%;6U/Q0:+/BZFTJ"!=J1#=(\N%)>;7A$VGW=;` +
	`"O(<G1]9>K7):Z@ZHJP9WG*(EAQ#3H&O5 *\^]D6DT/G(CNS9DD:V)S"-+,!LM/ ,"#QA"5T),>R_,'[ZN)3Y$28)OXU6XYTH@0.\"7C)UA2=P` +
	`#N!V#O&I;)M'0..O%S6*=K%H$D6$,(7@W+(TP$[I<'NZ.C6=('/$L,D#W!J <2WA3?)9&S05B9>0%,GM6X7^7>(C, TYC"5%,H *5<L:GJ->F]` +
	`(-87:P4&,],,:_YK9ZYQWZ.W>:H"5A!68(Q'@'2F80C3$GT^RA))@'$&P?'IIEYZRX$3#\B#@HZ-?,1")Y>L%@U^*F^U5H1K2P5"F]OBS>4JR-` +
	`*)(;M 6./L,'OI']V/HE!8&T&R4HA&,]0+X9\KG\MDGE&VC$-#=[^<")VTUAE_YVAP*&HZ6W4A.MC** /?V"^%D6#H:"D379$Q&!HE&(NU4JIB` +
	`/H^JQC&(+T1#/23T[=$.J9#AM.25E-LQL&!^=9[[*Z'H)(>NSU\;&!Q):Z:PB/AFDO+*]*NKJ_M)Y+<,PM[SJQ"L"L<$H2PMMLK-?4Q-M;O?^2` +
	`#];@9"@H"0>!MY]D5^8,^N*!<,8R4&!Z1#2 IG&P,^/5'5YE5[[NJ=5"=WR?;0QK#7"H/(<+V9BQ#,*&M+Q%AIN\#WB9K'(;M)) 661X[H"4+%` +
	`&_388LNYJX;#\(!SH^7>IW YX1] =;G&O,T?@:_$^ZK^"2^<<8'>,E !W"MM\$:I8A-"43I.5#VS/.+'9P0>HT '%(;^<D@97;&(9K>BO7<5Y1` +
	`'J7=3R,>39!%+:K!EX2F7D ?3$0M\<_?K*9K)S^\Q"FW!8P+<A:=50*,A TW *5N3>-:'4P/\T%O_*N^[0:EXR6('6*92;X8VHZ &^>MKHYB X` +
	`,FTOL=;Q/0*-QZ:<X*G\'#/D_A3P*VZID+Y(N&6..=6V%(SS(CS!\N%('TC%9G1N0$.;G*R\^$1&2&[CK5U[0S/5#OK^ J_1.->#)//?HIEC<L` +
	`*8) -6$TRE/,^SEP?3X!?(-,\T0D*5O(W/KA>L?E8%U#,C $&\.K409(F[J -[*F"^&F9F#P2IE5]"GLLHG4_&-1-Q./L,(B(TB"22&(Q\$5:G` +
	`$=E G@<^%H0(Y=7;.QP0M$!6_]F([J1ZW'%J*+NC\)QE-?T=@?)+S#Q)X$D'@TAYVM*81Q9>5VW"9)ITQT,5=8JC%-M3$ 1;S(Y%)3FL6'K9?0` +
	`!\:%G7RB5G#(QM>/5AGH,D"KQS^5C[_>M#^=(A+ER4L='X"/49[-[8?/JK=JVK[NEK,_Y7=F2:V+1#JB>*8A<MMV)F"J^49R,AG#3"$8WQ]85^` +
	`/IS=K9 $VR )BGT$RBFMXO&V?%+!-=^=^$L]K02+[4>A$R>Y>23'3(Q+KTZZ5#\ST*'DZKZ!S<]DF)ANI@_FLYHR.,?-$]F8V'F/(<OMQ$P$G+` +
	`,3W4J#K7E0#*\;F>)]004@%DG0*#EN,/= 3\3J7[1&R7*UN6']'K^>F-Y4+!-[@X2D"H/_ ][,!Y<((%1S *78KT-/&.<((?<!Y I&?*APFBNV` +
	`.)"NVNTVC;>&!YL%,>R0-V 6,SYC<&$/W(07M!>P$:[!.S>W4_PW60;(PWAR@C2>@R-7PNX@6Y^C[(6V4$@/V,+T'U%JG-/=@MM%EB0H53T@@4` +
	`$ .*Z 9:.?$ =^&;FC]V  !T758]A9 ,,'EU,4C YL6?)IWTO+O.]A#&9NN(V' >%O%5RY\XT*(9H.N-@K%4D=8''?"9:<:Z[Y4$E'W=UO/IX'` +
	`&*-_F-<>56&")G/CG4/_F;&-^"&W'C/4B.XWXV:??IQF)+7NT>DK^@X!^>J]_;XK>]#)/RFKRM<'1%GDH5)26QLI'R1T0J-=70.,Q\4SI_RI78` +
	`!)F^_=SAK';&B:9KI&T<.]$O6<;$DM7 :"Q#_0J>KL!-%@4,1?DX655(-8Q;L22*PC*KV=[V XPK%/R9<B>D\'^/*A(S%V<L.%0&0*<1ZPY)M!` +
	`&3\OZ =RCEX)@*JR__:\>$#E<9U"J0N9>"A_ZDR6E?/T)46-A=)]D**,EWU9*9GR&4,119MGVDU_X*?U Z*/0QRI%'3H\-1OA#L/5YX( 6*);I` +
	`.6UZ3A;("@D/NZ'DI9L,8,*C>95@IJK('.'>!(W'BS@N'136I;,>M_7'Y7H9MS7O [#F@"CHQP"7&`
