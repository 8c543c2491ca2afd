package evidence

import (
	"bytes"
	"image"
	"image/color"
	_ "image/gif" // the decoders that pictures are read with
	"image/jpeg"
	_ "image/png"
	"io"
	"runtime/debug"
)

const (
	// picturePixels bounds a picture before it is decoded; its head says how large it is, and a head may lie.
	picturePixels = 40_000_000
	thumbnailSide = 320
	pageSide      = 960
	// pictureSeconds of a processor are enough for any picture.
	pictureSeconds = 15
)

// DecodePicture is the whole life of the process that makes a thumbnail: it binds itself, reads a picture from in, writes a
// small JPEG without any metadata to out and returns the exit code. It never tells what it read.
func DecodePicture(in io.Reader, out io.Writer) (code int) {
	return decode(in, out, func(p image.Image) image.Image { return shrink(p, thumbnailSide) })
}

// DecodePage does the same with the screenshot of a page, of which it shows the top, large enough to see what it is.
func DecodePage(in io.Reader, out io.Writer) (code int) {
	return decode(in, out, func(p image.Image) image.Image { return shrink(top(p), pageSide) })
}

// top returns the top of a picture that is much higher than wide.
func top(p image.Image) image.Image {
	b := p.Bounds()
	part, ok := p.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if high := 3 * b.Dx() / 2; ok && b.Dy() > high {
		b.Max.Y = b.Min.Y + high
		return part.SubImage(b)
	}
	return p
}

func decode(in io.Reader, out io.Writer, small func(image.Image) image.Image) (code int) {
	defer func() {
		if recover() != nil {
			code = exitBroken // a decoder met what its authors did not think of
		}
	}()
	if bind(pictureSeconds) != nil {
		return exitBroken
	}
	debug.SetMemoryLimit(640 << 20)
	content, err := io.ReadAll(io.LimitReader(in, pictureBytes+1))
	if err != nil {
		return exitBroken
	}
	if len(content) > pictureBytes {
		return exitLarge
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case err == image.ErrFormat:
		return exitForeign
	case err != nil || head.Width < 1 || head.Height < 1:
		return exitBroken
	case head.Width > picturePixels/head.Height:
		return exitLarge
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil || jpeg.Encode(out, small(picture), &jpeg.Options{Quality: 80}) != nil {
		return exitBroken
	}
	return 0
}

// shrink returns a picture whose longer side is at most so long, each of its pixels the mean of those it stands for, on
// white.
func shrink(p image.Image, side int) image.Image {
	b := p.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, mean(p, image.Rect(
				b.Min.X+x*b.Dx()/w, b.Min.Y+y*b.Dy()/h, b.Min.X+(x+1)*b.Dx()/w, b.Min.Y+(y+1)*b.Dy()/h)))
		}
	}
	return out
}

func mean(p image.Image, of image.Rectangle) color.RGBA {
	var r, g, b, n uint64
	for y := of.Min.Y; y < of.Max.Y; y++ {
		for x := of.Min.X; x < of.Max.X; x++ {
			cr, cg, cb, ca := p.At(x, y).RGBA()
			white := uint64(0xffff - ca)
			r, g, b, n = r+uint64(cr)+white, g+uint64(cg)+white, b+uint64(cb)+white, n+1
		}
	}
	return color.RGBA{uint8(r / n >> 8), uint8(g / n >> 8), uint8(b / n >> 8), 255}
}
