package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket keeps files in a bucket of a service that speaks S3.
type Bucket struct {
	client *minio.Client
	bucket string
	prefix string
}

// part is how many bytes are sent at once, and held in memory: a file has at most ten thousand parts, 312 GiB.
const part = 32 << 20

// Keys are what a service knows us by.
type Keys struct{ ID, Secret string }

// At returns the files of a bucket. The address is s3://HOST/BUCKET, with a prefix behind it when the bucket holds other
// things too; s3+http:// speaks without TLS, ?region= names a region where the service wants one.
func At(address string, keys Keys) (Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" && u.Scheme != "s3+http" || u.Host == "" || u.User != nil {
		return Bucket{}, fmt.Errorf("the address of a bucket is s3://HOST/BUCKET: %w", homeward.ErrInvalid)
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return Bucket{}, fmt.Errorf("the address of a bucket is s3://HOST/BUCKET: %w", homeward.ErrInvalid)
	}
	if prefix != "" {
		prefix += "/"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(keys.ID, keys.Secret, ""), Secure: u.Scheme == "s3", Region: u.Query().Get("region"),
		BucketLookup: minio.BucketLookupPath, MaxRetries: 4,
	})
	if err != nil {
		return Bucket{}, fmt.Errorf("open bucket: %w", homeward.ErrInvalid)
	}
	return Bucket{client, bucket, prefix}, nil
}

// Create keeps what r gives under a name.
func (b Bucket) Create(ctx context.Context, name string, r io.Reader) error {
	if err := checkName(name); err != nil {
		return err
	}
	_, err := b.client.StatObject(ctx, b.bucket, b.prefix+name, minio.StatObjectOptions{})
	if err == nil {
		return fmt.Errorf("keep file %s: %w", name, homeward.ErrConflict)
	}
	if err := fault(err); !errors.Is(err, homeward.ErrNotFound) {
		return fmt.Errorf("keep file %s: %w", name, err)
	}
	given := &giving{r: r}
	_, err = b.client.PutObject(ctx, b.bucket, b.prefix+name, given, -1, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: part, NumThreads: 1,
	})
	if given.err != nil { // not the service's fault
		err = given.err
	} else {
		err = fault(err)
	}
	if err != nil {
		return fmt.Errorf("keep file %s: %w", name, err)
	}
	return nil
}

// giving keeps the fault of what it reads from.
type giving struct {
	r   io.Reader
	err error
}

func (g *giving) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if err != nil && err != io.EOF {
		g.err = err
	}
	return n, err
}

// Open returns a file's bytes.
func (b Bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.bucket, b.prefix+name, minio.GetObjectOptions{})
	if err == nil {
		_, err = object.Stat() // only now the service is asked
	}
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", name, fault(err))
	}
	return object, nil
}

// Size returns how many bytes a file has.
func (b Bucket) Size(ctx context.Context, name string) (int64, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	info, err := b.client.StatObject(ctx, b.bucket, b.prefix+name, minio.StatObjectOptions{})
	if err != nil {
		return 0, fmt.Errorf("look at file %s: %w", name, fault(err))
	}
	return info.Size, nil
}

// Remove removes a file, whole or partial. One that is not there is removed already.
func (b Bucket) Remove(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := errors.Join(
		absent(fault(b.client.RemoveIncompleteUpload(ctx, b.bucket, b.prefix+name))),
		absent(fault(b.client.RemoveObject(ctx, b.bucket, b.prefix+name, minio.RemoveObjectOptions{}))),
	)
	if err != nil {
		return fmt.Errorf("remove file %s: %w", name, err)
	}
	return nil
}

func absent(err error) error {
	if errors.Is(err, homeward.ErrNotFound) {
		return nil
	}
	return err
}

// Each calls fn with every file, when it was last written to, and whether it is whole or was never finished.
func (b Bucket) Each(ctx context.Context, fn func(name string, at time.Time, whole bool) error) error {
	ctx, stop := context.WithCancel(ctx) // ends the listing when fn does
	defer stop()
	for u := range b.client.ListIncompleteUploads(ctx, b.bucket, b.prefix, true) {
		if err := b.listed(u.Key, u.Initiated, false, u.Err, fn); err != nil {
			return err
		}
	}
	for o := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if err := b.listed(o.Key, o.LastModified, true, o.Err, fn); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b Bucket) listed(key string, at time.Time, whole bool, err error, fn func(string, time.Time, bool) error) error {
	if err != nil {
		return fmt.Errorf("list files: %w", fault(err))
	}
	name := strings.TrimPrefix(key, b.prefix)
	if checkName(name) != nil {
		return nil
	}
	return fn(name, at, whole)
}

// fault turns an answer of the service into a kind of ours. What it says in words stays out: addresses may be in it.
func fault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch answer := minio.ToErrorResponse(err); {
	case answer.Code == "NoSuchBucket":
		return fmt.Errorf("the bucket is not there: %w", homeward.ErrUnavailable)
	case answer.StatusCode == http.StatusNotFound, answer.Code == "NoSuchKey", answer.Code == "NoSuchUpload":
		return homeward.ErrNotFound
	case answer.StatusCode == http.StatusForbidden:
		return fmt.Errorf("the bucket refuses these keys: %w", homeward.ErrDenied)
	}
	return fmt.Errorf("the bucket does not answer: %w", homeward.ErrUnavailable)
}
