package bolt

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"io"
	"os"

	"motcua"
)

// bbolt maps the file and follows what it finds there; on a damaged file it
// panics, or the process ends with a memory fault that no recover catches. So
// the file is read here first, with ordinary reads and every number compared
// with its bounds. It is the same work a check in a child process would do,
// without the child: nothing in this file can fault.
//
// glance looks at what bbolt.Open itself touches: the two meta pages, the
// file's length, the free list. survey walks every page that is in use. The
// format is version 2 of bbolt (internal/common: page.go, meta.go, inode.go).

const (
	pageHeader  = 16 // id 8, flags 2, count 2, overflow 4
	elementSize = 16 // of branch (pos 4, ksize 4, page 8) and leaf (flags 4, pos 4, ksize 4, vsize 4)
	bucketSize  = 16 // root page 8, sequence 8
	metaSize    = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10
	leafBucket   = 0x01

	noFreelist = ^uint64(0)
	maxDepth   = 64
)

// native is how bbolt writes numbers: as the machine does.
var native = binary.NativeEndian

func damaged(what string) error { return motcua.Fail(motcua.StoreDamaged, what, nil) }

// survey is one look at a database file.
type survey struct {
	file     io.ReaderAt
	pageSize uint64
	pages    uint64 // pages in use end below this one
	root     uint64
	freelist uint64
	seen     map[uint64]bool
}

// newSurvey reads the meta pages and takes the newer whole one, as bbolt does.
// In a file that was closed in order both are whole and one commit apart; when
// they are not, the newest commit is lost though the rest looks well. After a
// crash one may be torn: its commit was never acknowledged.
func newSurvey(file io.ReaderAt, size int64, closed bool) (*survey, error) {
	var best *survey
	var txs []uint64
	for _, at := range metaPlaces() {
		b := make([]byte, metaSize)
		if _, err := file.ReadAt(b, at+pageHeader); err != nil {
			continue
		}
		s, tx, ok := readMeta(b)
		if !ok || (at != 0 && uint64(at) != s.pageSize) {
			continue
		}
		if txs = append(txs, tx); len(txs) == 1 || tx > txs[0] {
			best = s
		}
	}
	switch {
	case best == nil:
		return nil, damaged("not a database, or its first pages are lost")
	case closed && (len(txs) != 2 || (txs[0]+1 != txs[1] && txs[1]+1 != txs[0])):
		return nil, damaged("the newest commit is lost")
	case best.pages > uint64(size)/best.pageSize:
		return nil, damaged("the file is cut short")
	}
	best.file, best.seen = file, map[uint64]bool{}
	return best, nil
}

// metaPlaces is where meta pages can be: at the start, and one page on, for
// every page size that bbolt tries.
func metaPlaces() []int64 {
	out := []int64{0}
	for size := int64(1024); size <= 64<<10; size *= 2 {
		out = append(out, size)
	}
	return out
}

func readMeta(b []byte) (s *survey, tx uint64, ok bool) {
	h := fnv.New64a()
	h.Write(b[:metaSize-8])
	s = &survey{
		pageSize: uint64(native.Uint32(b[8:])), root: native.Uint64(b[16:]),
		freelist: native.Uint64(b[32:]), pages: native.Uint64(b[40:]),
	}
	ok = native.Uint32(b) == metaMagic && native.Uint32(b[4:]) == metaVersion &&
		native.Uint64(b[56:]) == h.Sum64() && s.pageSize >= 1024 && s.pageSize <= 64<<10
	return s, native.Uint64(b[48:]), ok
}

// page reads one page with its overflow and checks its header. A page is
// visited once: a second path to it is damage, and so no walk is endless.
func (s *survey) page(id uint64) ([]byte, error) {
	head := make([]byte, pageHeader)
	if id < 2 || id >= s.pages {
		return nil, damaged("a page beyond the file")
	}
	if s.seen[id] {
		return nil, damaged("a page with two owners")
	}
	if _, err := s.file.ReadAt(head, int64(id*s.pageSize)); err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, "page", err)
	}
	overflow := uint64(native.Uint32(head[12:]))
	if native.Uint64(head) != id || id+overflow >= s.pages {
		return nil, damaged("a page with another's header")
	}
	for n := id; n <= id+overflow; n++ {
		if s.seen[n] {
			return nil, damaged("a page with two owners")
		}
		s.seen[n] = true
	}
	b := make([]byte, (overflow+1)*s.pageSize)
	if _, err := s.file.ReadAt(b, int64(id*s.pageSize)); err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, "page", err)
	}
	return b, nil
}

// checkFreelist reads the list of free pages.
func (s *survey) checkFreelist() error {
	if s.freelist == noFreelist {
		return nil
	}
	b, err := s.page(s.freelist)
	if err != nil {
		return err
	}
	if native.Uint16(b[8:]) != flagFreelist {
		return damaged("the free list is another page")
	}
	ids, n := b[pageHeader:], uint64(native.Uint16(b[10:]))
	if n == 0xFFFF { // a long list keeps its length in the first place
		n, ids = native.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids))/8 {
		return damaged("the free list is too long")
	}
	last := uint64(1)
	for i := range n {
		id := native.Uint64(ids[8*i:])
		if id <= last || id >= s.pages {
			return damaged("the free list names a page twice or beyond the file")
		}
		last = id
		if s.seen[id] {
			return damaged("a free page is in use")
		}
		s.seen[id] = true
	}
	return nil
}

// tree walks the pages below id.
func (s *survey) tree(id uint64, depth int) error {
	b, err := s.page(id)
	if err != nil {
		return err
	}
	return s.node(b, depth, false)
}

// node checks one branch or leaf and all below it. Elements stand one behind
// the other, as bbolt writes them: bytes that belonged to two could be walked
// more often than the file is long.
func (s *survey) node(b []byte, depth int, inline bool) error {
	if depth > maxDepth || len(b) < pageHeader {
		return damaged("the tree is too deep")
	}
	flags, count := native.Uint16(b[8:]), int(native.Uint16(b[10:]))
	if flags != flagBranch && flags != flagLeaf {
		return damaged("a page of no kind")
	}
	if pageHeader+count*elementSize > len(b) || (flags == flagBranch && count == 0) {
		return damaged("a page with too many elements")
	}
	var last []byte
	free := pageHeader + count*elementSize
	for i := range count {
		e, err := readElement(b, pageHeader+i*elementSize, flags)
		if err != nil {
			return err
		}
		if e.from < free || (i > 0 && bytes.Compare(last, e.key) >= 0) {
			return damaged("elements out of order")
		}
		free, last = e.to, e.key
		if err := s.below(&e, depth, inline); err != nil {
			return err
		}
	}
	return nil
}

// element is one of a branch, which leads to a page, or of a leaf.
type element struct {
	from, to int // in its page
	key      []byte
	page     uint64 // of a branch
	bucket   bool
	value    []byte
}

// readElement reads the element whose header is at a place in a page.
func readElement(b []byte, at int, flags uint16) (element, error) {
	h := b[at:]
	pos, ksize, vsize := native.Uint32(h[4:]), native.Uint32(h[8:]), native.Uint32(h[12:])
	if flags == flagBranch {
		pos, ksize, vsize = native.Uint32(h), native.Uint32(h[4:]), 0
	}
	from := uint64(at) + uint64(pos)
	to := from + uint64(ksize) + uint64(vsize)
	if to > uint64(len(b)) {
		return element{}, damaged("an element beyond its page")
	}
	e := element{from: int(from), to: int(to), key: b[from : from+uint64(ksize)], value: b[from+uint64(ksize) : to]}
	if flags == flagBranch {
		e.page = native.Uint64(h[8:])
	} else {
		e.bucket = native.Uint32(h)&leafBucket != 0
	}
	return e, nil
}

// below checks what an element leads to: the page of a branch, or a bucket,
// which has pages of its own or lies in the element when it is small. Such a
// one holds no buckets in turn.
func (s *survey) below(e *element, depth int, inline bool) error {
	switch {
	case e.page != 0 && !inline:
		return s.tree(e.page, depth+1)
	case !e.bucket && e.page == 0:
		return nil
	case inline:
		return damaged("a bucket inside a small one")
	case len(e.value) < bucketSize:
		return damaged("a short bucket")
	}
	if root := native.Uint64(e.value); root != 0 {
		return s.tree(root, depth+1)
	}
	return s.node(e.value[bucketSize:], depth+1, true)
}

// glance is the survey of what bbolt.Open touches.
func glance(path string) error {
	return withFile(path, func(f io.ReaderAt, size int64) error {
		s, err := newSurvey(f, size, false)
		if err != nil {
			return err
		}
		return s.checkFreelist()
	})
}

// surveyFile is the survey of every page in use. closed says that the file was
// closed in order and nobody writes now.
func surveyFile(path string, closed bool) error {
	return withFile(path, func(f io.ReaderAt, size int64) error {
		return surveyAll(f, size, closed)
	})
}

func surveyAll(f io.ReaderAt, size int64, closed bool) error {
	s, err := newSurvey(f, size, closed)
	if err != nil {
		return err
	}
	if err := s.checkFreelist(); err != nil {
		return err
	}
	return s.tree(s.root, 0)
}

func withFile(path string, fn func(io.ReaderAt, int64) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return motcua.Fail(motcua.StoreUnreadable, "not a file", nil)
	}
	return fn(f, info.Size())
}
