package blobs_test

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fake speaks as much of S3 as we use: put in one piece or in parts, get, head, list, delete.
type fake struct {
	mu      sync.Mutex
	objects map[string][]byte
	uploads map[string]map[int][]byte // by key and id
	largest int                       // of the parts that came in
	written time.Time
}

func newFake() *fake {
	return &fake{objects: map[string][]byte{}, uploads: map[string]map[int][]byte{}, written: time.Now()}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !strings.Contains(r.Header.Get("Authorization"), "Credential=id/") {
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket != "bucket" {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	if q := r.URL.Query(); key == "" {
		f.list(w, q.Has("uploads"), q.Has("location"))
	} else if q.Has("uploads") || q.Has("uploadId") {
		f.parts(w, r, key+"?"+q.Get("uploadId"), q.Get("partNumber"))
	} else {
		f.object(w, r, key)
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

func (f *fake) list(w http.ResponseWriter, uploads, location bool) {
	at := f.written.UTC().Format(time.RFC3339)
	var b strings.Builder
	switch {
	case location:
		b.WriteString("<LocationConstraint></LocationConstraint>")
	case uploads:
		b.WriteString("<ListMultipartUploadsResult><Bucket>bucket</Bucket>")
		for _, k := range slices.Sorted(maps.Keys(f.uploads)) {
			key, id, _ := strings.Cut(k, "?")
			fmt.Fprintf(&b, "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>", key, id, at)
		}
		b.WriteString("</ListMultipartUploadsResult>")
	default:
		b.WriteString("<ListBucketResult><Name>bucket</Name>")
		for _, k := range slices.Sorted(maps.Keys(f.objects)) {
			fmt.Fprintf(&b, "<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>%d</Size></Contents>", k, at, len(f.objects[k]))
		}
		b.WriteString("</ListBucketResult>")
	}
	w.Header().Set("Content-Type", "application/xml")
	io.WriteString(w, b.String())
}

func (f *fake) object(w http.ResponseWriter, r *http.Request, key string) {
	switch r.Method {
	case http.MethodPut:
		body, err := io.ReadAll(unchunked(r))
		if err != nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		f.objects[key] = body
		w.Header().Set("ETag", etag(body))
	case http.MethodDelete:
		delete(f.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		body, there := f.objects[key]
		if !there {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", etag(body))
		http.ServeContent(w, r, "", f.written, bytes.NewReader(body))
	}
}

// parts begins an upload, takes a part, completes or aborts.
func (f *fake) parts(w http.ResponseWriter, r *http.Request, upload, number string) {
	key, id, _ := strings.Cut(upload, "?")
	switch {
	case r.Method == http.MethodPost && id == "":
		id = "upload" + strconv.Itoa(len(f.uploads))
		f.uploads[key+"?"+id] = map[int][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>", key, id)
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(unchunked(r))
		n, err2 := strconv.Atoi(number)
		if err != nil || err2 != nil || f.uploads[upload] == nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		f.uploads[upload][n] = body
		f.largest = max(f.largest, len(body))
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodPost:
		var whole []byte
		for _, n := range slices.Sorted(maps.Keys(f.uploads[upload])) {
			whole = append(whole, f.uploads[upload][n]...)
		}
		delete(f.uploads, upload)
		f.objects[key] = whole
		fmt.Fprintf(w, "<CompleteMultipartUploadResult><Bucket>bucket</Bucket><Key>%s</Key><ETag>%s</ETag></CompleteMultipartUploadResult>", key, etag(whole))
	case r.Method == http.MethodDelete:
		delete(f.uploads, upload)
		w.WriteHeader(http.StatusNoContent)
	}
}

func etag(b []byte) string {
	sum := md5.Sum(b)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// unchunked returns the body without the signed chunks that S3 wraps it in.
func unchunked(r *http.Request) io.Reader {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return r.Body
	}
	var out bytes.Buffer
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\n')
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err2 := strconv.ParseInt(size, 16, 64)
		if err != nil || err2 != nil || n == 0 {
			return &out
		}
		io.CopyN(&out, in, n)
		in.ReadString('\n')
	}
}
