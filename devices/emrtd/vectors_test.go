package emrtd

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"motcua"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func same(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if !bytes.Equal(got, unhex(t, want)) {
		t.Errorf("%s is %X, the standard says %s", what, got, want)
	}
}

// script is a card that knows one conversation by heart.
type script struct {
	t     *testing.T
	lines [][2]string // command, response
}

func (s *script) Transmit(_ context.Context, command []byte) ([]byte, error) {
	s.t.Helper()
	if len(s.lines) == 0 {
		return nil, errors.New("conversation is over")
	}
	line := s.lines[0]
	s.lines = s.lines[1:]
	if want := unhex(s.t, line[0]); !bytes.Equal(command, want) {
		s.t.Fatalf("command is %X, want %X", command, want)
	}
	return unhex(s.t, line[1]), nil
}

// TestCMAC holds the examples of RFC 4493 section 4 and of SP 800-38B
// appendix D for the three key sizes.
func TestCMAC(t *testing.T) {
	const message = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
		"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
	lengths := []int{0, 16, 40, 64}
	for key, sums := range map[string][4]string{
		"2b7e151628aed2a6abf7158809cf4f3c": {
			"bb1d6929e95937287fa37d129b756746", "070a16b46b4d4144f79bdd9dd04a287c",
			"dfa66747de9ae63030ca32611497c827", "51f0bebf7e3b9d92fc49741779363cfe"},
		"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b": {
			"d17ddf46adaacde531cac483de7a9367", "9e99a7bf31e710900662f65e617c5184",
			"8a1de5be2eb31aad089a82e6ee908b0e", "a1d5df0eed790f794d77589659f39a11"},
		"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4": {
			"028962f61b7bf89efc6b551f4667d983", "28a7023f452e8f82bd4bf28d8c37c35c",
			"aaf3d8f1de5640c232f5b169b9c911e6", "e1992190549f6ed5696a2c056c315410"},
	} {
		c, err := newCMACState(unhex(t, key))
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range lengths {
			sum := c.sum(unhex(t, message)[:n])
			same(t, "CMAC", sum[:], sums[i])
		}
	}
}

// bacMRZ is the specimen of 9303-11 D.2.
const bacMRZ = "L898902C<369080619406236"

// TestBACKeys is 9303-11 D.1 and D.2.
func TestBACKeys(t *testing.T) {
	pw, err := MRZ(bacMRZ)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "K_seed", pw.secret[:16], "239AB9CB282DAF66231DC5A4DF6BFBAE")
	same(t, "K_enc", suite3DES.derive(pw.secret[:16], keyEncryption), "AB94FDECF2674FDFB9B391F85D7F76F2")
	same(t, "K_mac", suite3DES.derive(pw.secret[:16], keyMAC), "7962D9ECE03D1ACD4C76089DCE131543")
}

// bacScript is the authentication of 9303-11 D.3.
var bacScript = [][2]string{
	{"0084000008", "4608F91988702212 9000"},
	{"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
		"46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000"},
}

const bacRandom = "781723860C06C226 0B795240CB7049B01C19B33E32804F0B"

// TestBAC is 9303-11 D.3 and D.4: mutual authentication, then the protected
// SELECT and READ BINARY of EF.COM.
func TestBAC(t *testing.T) {
	card := &script{t, append(bacScript,
		[2]string{"0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"},
		[2]string{"0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"},
		[2]string{"0CB000040D9701128E082EA28A70F3C7B53500",
			"871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000"})}
	pw, _ := MRZ(bacMRZ)
	l := &link{t: card}
	s, err := bac{l, pw, bytes.NewReader(unhex(t, bacRandom))}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "KS_enc", s.keyEnc, "979EC13B1CBFE9DCD01AB0FED307EAE5")
	same(t, "KS_mac", s.keyMAC, "F1CB1F1FB5ADF208806B89DC579DC1F8")
	same(t, "SSC", s.ssc, "887022120C06C226")
	l.sm = s
	for _, step := range []struct {
		c    Command
		data string
	}{
		{selectFile(fileCOM), ""},
		{Command{INS: 0xB0, Ne: 4}, "60145F01"},
		{Command{INS: 0xB0, P2: 4, Ne: 18}, "04303130365F36063034303030305C026175"},
	} {
		r, protected, err := l.send(t.Context(), step.c)
		if err != nil || !protected || r.SW != swOK {
			t.Fatal(r.SW, protected, err)
		}
		same(t, "data", r.Data, step.data)
	}
}

// The worked example of 9303-11 G.1: PACE with generic mapping, AES-128,
// brainpoolP256r1, and the MRZ as password.
const (
	paceMRZ     = "T22000129364081251010318"
	paceNonceZ  = "95A3A016522EE98D01E76CB6B98B42C3"
	paceNonce   = "3F00C4D39D153F2B2A214A078D899B22"
	paceMapKey  = "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"
	paceMapOurs = "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E" +
		"544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D"
	paceMapTheirs = "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57" +
		"30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"
	paceKey  = "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"
	paceOurs = "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C" +
		"3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462"
	paceTheirs = "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB" +
		"7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094"
	paceAccess = "3114 3012 060A 04007F00070202040202 020102 02010D"
)

func paceScript() [][2]string {
	return [][2]string{
		{"0022C1A40F 800A04007F00070202040202 830101", "9000"},
		{"10860000 02 7C00 00", "7C128010" + paceNonceZ + "9000"},
		{"10860000 45 7C438141" + paceMapOurs + "00", "7C438241" + paceMapTheirs + "9000"},
		{"10860000 45 7C438341" + paceOurs + "00", "7C438441" + paceTheirs + "9000"},
		{"00860000 0C 7C0A8508 C2B0BD78D94BA866 00", "7C0A8608 3ABB9674BCE93C08 9000"},
	}
}

func paceRun(t *testing.T, lines [][2]string) (*session, error) {
	pw, err := MRZ(paceMRZ)
	if err != nil {
		t.Fatal(err)
	}
	infos, err := parseSecurityInfos(unhex(t, paceAccess))
	if err != nil {
		t.Fatal(err)
	}
	info, found, _ := choosePACE(infos)
	if !found {
		t.Fatal("no PACE in the example's EF.CardAccess")
	}
	return pace{&link{t: &script{t, lines}}, info, pw, bytes.NewReader(unhex(t, paceMapKey+paceKey))}.run(t.Context())
}

func TestPACE(t *testing.T) {
	s, err := paceRun(t, paceScript())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "KS_enc", s.keyEnc, "F5F0E35C0D7161EE6724EE513A0D9A7F")
	same(t, "KS_mac", s.keyMAC, "FE251C7858B356B24514B3BD5F4297D1")
}

// TestPACESteps checks the numbers between the commands, so that a failure of
// TestPACE says where.
func TestPACESteps(t *testing.T) {
	pw, _ := MRZ(paceMRZ)
	same(t, "K", pw.secret, "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
	key := suiteAES128.derive(pw.secret, keyPassword)
	same(t, "K_pi", key, "89DED1B26624EC1E634C1989302849DD")
	block, _ := suiteAES128.cipher(key)
	nonce := make([]byte, 16)
	block.Decrypt(nonce, unhex(t, paceNonceZ))
	same(t, "s", nonce, paceNonce)
	c, _ := curveByID(13)
	theirs, ok := c.decode(unhex(t, paceMapTheirs))
	if !ok {
		t.Fatal("the chip's mapping key is not on the curve")
	}
	h, _ := c.multiply(theirs, unhex(t, paceMapKey))
	same(t, "H", c.encode(h), "04 60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5"+
		"0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181")
	sg, _ := c.multiply(c.generator(), nonce)
	mapped, _ := c.add(sg, h)
	same(t, "G'", c.encode(mapped), "04 8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2"+
		"8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522")
	public, _ := c.decode(unhex(t, paceTheirs))
	shared, _ := c.multiply(public, unhex(t, paceKey))
	same(t, "Z", c.encode(shared)[1:33], "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")
}

// TestPACERefused: what the chip says at each step, and what it means.
func TestPACERefused(t *testing.T) {
	for _, c := range []struct {
		step int
		sw   string
		want motcua.Code
	}{
		{4, "6300", motcua.CardWrongSecret}, {4, "63C2", motcua.CardWrongSecret}, {4, "6982", motcua.CardWrongSecret},
		{4, "6FFF", motcua.CardUnsupported}, {3, "6300", motcua.CardUnsupported}, {0, "6A80", motcua.CardUnsupported},
		{0, "63C0", motcua.CardTriesSpent}, {1, "6985", motcua.CardUnsupported},
		{1, "7C0280009000", motcua.CardBroken}, {1, "9000", motcua.CardBroken}, {1, "90", motcua.CardBroken},
		{2, "7C43" + "8241" + paceMapOurs + "9000", motcua.CardBroken}, // our own key back
		{2, "7C43" + "8241" + strings.Repeat("04", 65) + "9000", motcua.CardBroken},
		{4, "7C0A8608 0000000000000000 9000", motcua.CardNotGenuine},
	} {
		lines := paceScript()
		lines[c.step][1] = c.sw
		if _, err := paceRun(t, lines); motcua.CodeOf(err) != c.want {
			t.Errorf("step %d answered %s: %v, want %s", c.step, c.sw, err, c.want)
		}
	}
	lines := paceScript()
	lines[0][1] = "63C1" // one try left is not a refusal
	if _, err := paceRun(t, lines); err != nil {
		t.Error(err)
	}
}

// TestBACRefused is the same for BAC.
func TestBACRefused(t *testing.T) {
	for answer, want := range map[string]motcua.Code{
		"6300": motcua.CardWrongSecret, "6982": motcua.CardWrongSecret, "6D00": motcua.CardUnsupported,
		"9000": motcua.CardNotGenuine, strings.Repeat("00", 40) + "9000": motcua.CardNotGenuine,
	} {
		lines := [][2]string{bacScript[0], {bacScript[1][0], answer}}
		pw, _ := MRZ(bacMRZ)
		_, err := bac{&link{t: &script{t, lines}}, pw, bytes.NewReader(unhex(t, bacRandom))}.run(t.Context())
		if motcua.CodeOf(err) != want {
			t.Errorf("answer %s: %v, want %s", answer, err, want)
		}
	}
}
