package ledger

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the height of the tiles of c2sp.org/tlog-tiles: 256 hashes or entries in a full one.
const TileHeight = 8

// TileWidth is how many hashes or entries a full tile has.
const TileWidth = 1 << TileHeight

// Tiles returns the tiles that a log of the newer size has and one of the older size had not, partial ones included.
func Tiles(older, newer int64) []tlog.Tile { return tlog.NewTiles(TileHeight, older, newer) }

// TilePath returns where a tile of hashes lies: tile/0/x001/234/067 or, partial, tile/0/x001/234/067.p/8.
func TilePath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", TileHeight))
}

// BundlePath returns where the entries of a tile of level 0 lie: tile/entries/….
func BundlePath(t tlog.Tile) string {
	t.L = -1
	return strings.Replace(TilePath(t), "tile/data/", "tile/entries/", 1)
}

// AppendToBundle appends a leaf to a bundle of entries: its length as two bytes, big-endian, and its bytes.
func AppendToBundle(bundle, leaf []byte) ([]byte, error) {
	if len(leaf) > 0xffff {
		return nil, fmt.Errorf("append a leaf of %d bytes to a bundle: %w", len(leaf), homeward.ErrInvalid)
	}
	return append(binary.BigEndian.AppendUint16(bundle, uint16(len(leaf))), leaf...), nil
}

// BundleLeaves returns the leaves of a bundle.
func BundleLeaves(bundle []byte) (leaves [][]byte, err error) {
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("read bundle of entries: cut off in entry %d: %w", len(leaves), homeward.ErrTampered)
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		leaves, bundle = append(leaves, bundle[2:end]), bundle[end:]
	}
	return leaves, nil
}
