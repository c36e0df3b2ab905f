package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"motcua"
	"motcua/sync/portal"
)

// maxRetryAfter bounds the portal's wish: a typing error there must not stop
// a counter for a year.
const maxRetryAfter = 6 * time.Hour

// carried names a failure of the transport. left says that bytes of the
// request may have arrived.
func carried(ctx context.Context, err error, left bool) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return motcua.Fail(motcua.Cancelled, "call given up", err)
	case left:
		return motcua.Fail(motcua.PortalTimeout, "no answer after the request left", err)
	}
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		return motcua.Fail(motcua.PortalUnreachable, "certificate refused", err)
	}
	return motcua.Fail(motcua.PortalUnreachable, "no connection", err)
}

// judge names what is wrong with a whole reply, by its status first and then
// by its body.
func judge(resp *http.Response, body []byte, now time.Time) error {
	after, wished := retryAfter(resp.Header.Get("Retry-After"), now)
	status := fmt.Sprintf("HTTP %d", resp.StatusCode)
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return motcua.Fail(motcua.PortalAuth, status, nil)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable && wished:
		return &portal.Retry{After: after, Err: motcua.Fail(motcua.PortalServer, status, nil)}
	case code == http.StatusRequestTimeout || code == http.StatusGatewayTimeout:
		// A gateway gave up waiting for the portal behind it.
		return motcua.Fail(motcua.PortalTimeout, status, nil)
	case code >= 500, code == http.StatusNotFound, code == http.StatusMethodNotAllowed:
		// A missing endpoint is the portal's state, not this dossier's fault.
		return motcua.Fail(motcua.PortalServer, status, nil)
	case code >= 300 && code < 400:
		// A captive portal or a moved site; its page is not our answer.
		return motcua.Fail(motcua.PortalNotJSON, status+" redirect", nil)
	case code >= 400:
		return motcua.Fail(motcua.PortalUnknown, status, nil)
	}
	return judgeBody(body)
}

func judgeBody(body []byte) error {
	switch {
	case len(body) == 0:
		return motcua.Fail(motcua.PortalEmpty, "empty reply", nil)
	case isHTML(body):
		return motcua.Fail(motcua.PortalNotJSON, "HTML", nil)
	case !json.Valid(body):
		return motcua.Fail(motcua.PortalNotJSON, "not JSON", nil)
	}
	return nil
}

func isHTML(body []byte) bool { return len(body) > 0 && body[0] == '<' }

// trim removes the byte order mark that .NET services put first, and space.
func trim(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
}

// retryAfter reads RFC 9110 section 10.2.3: seconds or a date.
func retryAfter(header string, now time.Time) (after time.Duration, ok bool) {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter), true
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter), true
	}
	return 0, false
}
