package cli

import (
	"net"
	"testing"
)

func TestThePublicAddressIsASchemeAndAHost(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "https://register.example": "https://register.example", "https://Register.example:443/": "https://register.example",
		"http://localhost:8080": "http://localhost:8080", "https://register.example:8443": "https://register.example:8443",
	} {
		if got, err := publicURL(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"register.example", "ftp://register.example", "https://", "https://register.example/desk", "https://a:b@register.example", "https://register.example?x", "https://%zz"} {
		if got, err := publicURL(text); err == nil {
			t.Errorf("%q is taken as %q", text, got)
		}
	}
}

func TestThisMachineIsCalledByName(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1:8080": "http://localhost:8080", "[::1]:8080": "http://localhost:8080", "0.0.0.0:80": "http://localhost:80", "192.0.2.7:8080": "http://192.0.2.7:8080",
	} {
		at, err := net.ResolveTCPAddr("tcp", text)
		if err != nil {
			t.Fatal(err)
		}
		if got := nearby(at); got != want {
			t.Errorf("%s is called %s", text, got)
		}
	}
}

func TestAProxyIsAnAddressOrANetwork(t *testing.T) {
	got, err := prefixes([]string{"192.0.2.7", "2001:db8::/32"})
	if err != nil || len(got) != 2 || got[0].String() != "192.0.2.7/32" || got[1].String() != "2001:db8::/32" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := prefixes([]string{"proxy.example"}); err == nil {
		t.Error("a name is taken for an address")
	}
}
