// Package capture lets the operator's own chromium open a page of the open web and keeps what it was given: every request and answer with its head, a
// screenshot of the whole page, the certificates that its hosts showed, and which program did it. What comes out is a
// [webarchive.Capture], which is written as a WACZ.
//
// The page is a stranger's, and so is every address that it leads to: what is asked for must never reach the machine it is asked from, or
// its neighbours. Therefore chromium has no way out but a proxy of this process, which lives as long as the capture does.
//
// Invariants.
//   - The proxy resolves a name once, looks at every address that came back, and dials the very address it looked at. A name that
//     means something else a moment later is never asked again: DNS rebinding has nothing to bind.
//   - One address that is not of the open web refuses the name: private, of this machine, link-local (where clouds keep their metadata), shared
//     (RFC 6598), multicast, documentation, IPv4 in any coat of IPv6 (mapped, NAT64, 6to4, Teredo), and the networks that this machine itself is in. Other networks of the
//     same site that have public addresses are of the open web as far as can be seen from here; a firewall knows better.
//   - The proxy lets through only hosts that the page itself asked for: what a browser says behind a page's back to its makers is refused.
//   - Only http and https, no names and passwords in an address, no numbers written as anything but dotted decimals.
//   - Time and bytes are bounded, the profile and the home are new and thrown away, nothing is downloaded, and the browser sees no variable of our environment.
//
// Addresses that are refused follow the IANA special-purpose registries (RFC 6890).
package capture
