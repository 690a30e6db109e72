package syscall

import "internal/oserror"

// An Errno is a Linux error number; 0 is no error.
type Errno uintptr

// Error returns the system's text for the number.
func (e Errno) Error() string {
	if text := e.text(); text != "" {
		return text
	}
	return "errno " + decimal(int(e))
}

// Is makes errors.Is(err, fs.ErrNotExist) and its like hold.
func (e Errno) Is(target error) bool {
	switch target {
	case oserror.ErrPermission:
		return e == EACCES || e == EPERM
	case oserror.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case oserror.ErrNotExist:
		return e == ENOENT
	}
	return false
}

// Temporary reports whether the call may succeed later.
func (e Errno) Temporary() bool {
	return e == EINTR || e == EMFILE || e == ENFILE || e.Timeout()
}

// Timeout reports whether a time limit caused the error.
func (e Errno) Timeout() bool { return e == EAGAIN || e == EWOULDBLOCK || e == ETIMEDOUT }

func decimal(n int) string {
	if n < 0 {
		return "-" + decimal(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + string(rune('0'+n%10))
}

// Error numbers.
const (
	EPERM           Errno = 1
	ENOENT          Errno = 2
	ESRCH           Errno = 3
	EINTR           Errno = 4
	EIO             Errno = 5
	ENXIO           Errno = 6
	E2BIG           Errno = 7
	ENOEXEC         Errno = 8
	EBADF           Errno = 9
	ECHILD          Errno = 10
	EAGAIN          Errno = 11
	ENOMEM          Errno = 12
	EACCES          Errno = 13
	EFAULT          Errno = 14
	ENOTBLK         Errno = 15
	EBUSY           Errno = 16
	EEXIST          Errno = 17
	EXDEV           Errno = 18
	ENODEV          Errno = 19
	ENOTDIR         Errno = 20
	EISDIR          Errno = 21
	EINVAL          Errno = 22
	ENFILE          Errno = 23
	EMFILE          Errno = 24
	ENOTTY          Errno = 25
	ETXTBSY         Errno = 26
	EFBIG           Errno = 27
	ENOSPC          Errno = 28
	ESPIPE          Errno = 29
	EROFS           Errno = 30
	EMLINK          Errno = 31
	EPIPE           Errno = 32
	EDOM            Errno = 33
	ERANGE          Errno = 34
	EDEADLOCK       Errno = 35
	ENAMETOOLONG    Errno = 36
	ENOLCK          Errno = 37
	ENOSYS          Errno = 38
	ENOTEMPTY       Errno = 39
	ELOOP           Errno = 40
	ENOMSG          Errno = 42
	EIDRM           Errno = 43
	ECHRNG          Errno = 44
	EL2NSYNC        Errno = 45
	EL3HLT          Errno = 46
	EL3RST          Errno = 47
	ELNRNG          Errno = 48
	EUNATCH         Errno = 49
	ENOCSI          Errno = 50
	EL2HLT          Errno = 51
	EBADE           Errno = 52
	EBADR           Errno = 53
	EXFULL          Errno = 54
	ENOANO          Errno = 55
	EBADRQC         Errno = 56
	EBADSLT         Errno = 57
	EBFONT          Errno = 59
	ENOSTR          Errno = 60
	ENODATA         Errno = 61
	ETIME           Errno = 62
	ENOSR           Errno = 63
	ENONET          Errno = 64
	ENOPKG          Errno = 65
	EREMOTE         Errno = 66
	ENOLINK         Errno = 67
	EADV            Errno = 68
	ESRMNT          Errno = 69
	ECOMM           Errno = 70
	EPROTO          Errno = 71
	EMULTIHOP       Errno = 72
	EDOTDOT         Errno = 73
	EBADMSG         Errno = 74
	EOVERFLOW       Errno = 75
	ENOTUNIQ        Errno = 76
	EBADFD          Errno = 77
	EREMCHG         Errno = 78
	ELIBACC         Errno = 79
	ELIBBAD         Errno = 80
	ELIBSCN         Errno = 81
	ELIBMAX         Errno = 82
	ELIBEXEC        Errno = 83
	EILSEQ          Errno = 84
	ERESTART        Errno = 85
	ESTRPIPE        Errno = 86
	EUSERS          Errno = 87
	ENOTSOCK        Errno = 88
	EDESTADDRREQ    Errno = 89
	EMSGSIZE        Errno = 90
	EPROTOTYPE      Errno = 91
	ENOPROTOOPT     Errno = 92
	EPROTONOSUPPORT Errno = 93
	ESOCKTNOSUPPORT Errno = 94
	ENOTSUP         Errno = 95
	EPFNOSUPPORT    Errno = 96
	EAFNOSUPPORT    Errno = 97
	EADDRINUSE      Errno = 98
	EADDRNOTAVAIL   Errno = 99
	ENETDOWN        Errno = 100
	ENETUNREACH     Errno = 101
	ENETRESET       Errno = 102
	ECONNABORTED    Errno = 103
	ECONNRESET      Errno = 104
	ENOBUFS         Errno = 105
	EISCONN         Errno = 106
	ENOTCONN        Errno = 107
	ESHUTDOWN       Errno = 108
	ETOOMANYREFS    Errno = 109
	ETIMEDOUT       Errno = 110
	ECONNREFUSED    Errno = 111
	EHOSTDOWN       Errno = 112
	EHOSTUNREACH    Errno = 113
	EALREADY        Errno = 114
	EINPROGRESS     Errno = 115
	ESTALE          Errno = 116
	EUCLEAN         Errno = 117
	ENOTNAM         Errno = 118
	ENAVAIL         Errno = 119
	EISNAM          Errno = 120
	EREMOTEIO       Errno = 121
	EDQUOT          Errno = 122
	ENOMEDIUM       Errno = 123
	EMEDIUMTYPE     Errno = 124
	ECANCELED       Errno = 125
	ENOKEY          Errno = 126
	EKEYEXPIRED     Errno = 127
	EKEYREVOKED     Errno = 128
	EKEYREJECTED    Errno = 129
	EOWNERDEAD      Errno = 130
	ENOTRECOVERABLE Errno = 131
	ERFKILL         Errno = 132
	EWOULDBLOCK     Errno = 11
)

func (e Errno) text() string {
	switch e {
	case EPERM:
		return "operation not permitted"
	case ENOENT:
		return "no such file or directory"
	case ESRCH:
		return "no such process"
	case EINTR:
		return "interrupted system call"
	case EIO:
		return "input/output error"
	case ENXIO:
		return "no such device or address"
	case E2BIG:
		return "argument list too long"
	case ENOEXEC:
		return "exec format error"
	case EBADF:
		return "bad file descriptor"
	case ECHILD:
		return "no child processes"
	case EAGAIN:
		return "resource temporarily unavailable"
	case ENOMEM:
		return "cannot allocate memory"
	case EACCES:
		return "permission denied"
	case EFAULT:
		return "bad address"
	case ENOTBLK:
		return "block device required"
	case EBUSY:
		return "device or resource busy"
	case EEXIST:
		return "file exists"
	case EXDEV:
		return "invalid cross-device link"
	case ENODEV:
		return "no such device"
	case ENOTDIR:
		return "not a directory"
	case EISDIR:
		return "is a directory"
	case EINVAL:
		return "invalid argument"
	case ENFILE:
		return "too many open files in system"
	case EMFILE:
		return "too many open files"
	case ENOTTY:
		return "inappropriate ioctl for device"
	case ETXTBSY:
		return "text file busy"
	case EFBIG:
		return "file too large"
	case ENOSPC:
		return "no space left on device"
	case ESPIPE:
		return "illegal seek"
	case EROFS:
		return "read-only file system"
	case EMLINK:
		return "too many links"
	case EPIPE:
		return "broken pipe"
	case EDOM:
		return "numerical argument out of domain"
	case ERANGE:
		return "numerical result out of range"
	case EDEADLOCK:
		return "resource deadlock avoided"
	case ENAMETOOLONG:
		return "file name too long"
	case ENOLCK:
		return "no locks available"
	case ENOSYS:
		return "function not implemented"
	case ENOTEMPTY:
		return "directory not empty"
	case ELOOP:
		return "too many levels of symbolic links"
	case ENOMSG:
		return "no message of desired type"
	case EIDRM:
		return "identifier removed"
	case ECHRNG:
		return "channel number out of range"
	case EL2NSYNC:
		return "level 2 not synchronized"
	case EL3HLT:
		return "level 3 halted"
	case EL3RST:
		return "level 3 reset"
	case ELNRNG:
		return "link number out of range"
	case EUNATCH:
		return "protocol driver not attached"
	case ENOCSI:
		return "no CSI structure available"
	case EL2HLT:
		return "level 2 halted"
	case EBADE:
		return "invalid exchange"
	case EBADR:
		return "invalid request descriptor"
	case EXFULL:
		return "exchange full"
	case ENOANO:
		return "no anode"
	case EBADRQC:
		return "invalid request code"
	case EBADSLT:
		return "invalid slot"
	case EBFONT:
		return "bad font file format"
	case ENOSTR:
		return "device not a stream"
	case ENODATA:
		return "no data available"
	case ETIME:
		return "timer expired"
	case ENOSR:
		return "out of streams resources"
	case ENONET:
		return "machine is not on the network"
	case ENOPKG:
		return "package not installed"
	case EREMOTE:
		return "object is remote"
	case ENOLINK:
		return "link has been severed"
	case EADV:
		return "advertise error"
	case ESRMNT:
		return "srmount error"
	case ECOMM:
		return "communication error on send"
	case EPROTO:
		return "protocol error"
	case EMULTIHOP:
		return "multihop attempted"
	case EDOTDOT:
		return "RFS specific error"
	case EBADMSG:
		return "bad message"
	case EOVERFLOW:
		return "value too large for defined data type"
	case ENOTUNIQ:
		return "name not unique on network"
	case EBADFD:
		return "file descriptor in bad state"
	case EREMCHG:
		return "remote address changed"
	case ELIBACC:
		return "can not access a needed shared library"
	case ELIBBAD:
		return "accessing a corrupted shared library"
	case ELIBSCN:
		return ".lib section in a.out corrupted"
	case ELIBMAX:
		return "attempting to link in too many shared libraries"
	case ELIBEXEC:
		return "cannot exec a shared library directly"
	case EILSEQ:
		return "invalid or incomplete multibyte or wide character"
	case ERESTART:
		return "interrupted system call should be restarted"
	case ESTRPIPE:
		return "streams pipe error"
	case EUSERS:
		return "too many users"
	case ENOTSOCK:
		return "socket operation on non-socket"
	case EDESTADDRREQ:
		return "destination address required"
	case EMSGSIZE:
		return "message too long"
	case EPROTOTYPE:
		return "protocol wrong type for socket"
	case ENOPROTOOPT:
		return "protocol not available"
	case EPROTONOSUPPORT:
		return "protocol not supported"
	case ESOCKTNOSUPPORT:
		return "socket type not supported"
	case ENOTSUP:
		return "operation not supported"
	case EPFNOSUPPORT:
		return "protocol family not supported"
	case EAFNOSUPPORT:
		return "address family not supported by protocol"
	case EADDRINUSE:
		return "address already in use"
	case EADDRNOTAVAIL:
		return "cannot assign requested address"
	case ENETDOWN:
		return "network is down"
	case ENETUNREACH:
		return "network is unreachable"
	case ENETRESET:
		return "network dropped connection on reset"
	case ECONNABORTED:
		return "software caused connection abort"
	case ECONNRESET:
		return "connection reset by peer"
	case ENOBUFS:
		return "no buffer space available"
	case EISCONN:
		return "transport endpoint is already connected"
	case ENOTCONN:
		return "transport endpoint is not connected"
	case ESHUTDOWN:
		return "cannot send after transport endpoint shutdown"
	case ETOOMANYREFS:
		return "too many references: cannot splice"
	case ETIMEDOUT:
		return "connection timed out"
	case ECONNREFUSED:
		return "connection refused"
	case EHOSTDOWN:
		return "host is down"
	case EHOSTUNREACH:
		return "no route to host"
	case EALREADY:
		return "operation already in progress"
	case EINPROGRESS:
		return "operation now in progress"
	case ESTALE:
		return "stale file handle"
	case EUCLEAN:
		return "structure needs cleaning"
	case ENOTNAM:
		return "not a XENIX named type file"
	case ENAVAIL:
		return "no XENIX semaphores available"
	case EISNAM:
		return "is a named type file"
	case EREMOTEIO:
		return "remote I/O error"
	case EDQUOT:
		return "disk quota exceeded"
	case ENOMEDIUM:
		return "no medium found"
	case EMEDIUMTYPE:
		return "wrong medium type"
	case ECANCELED:
		return "operation canceled"
	case ENOKEY:
		return "required key not available"
	case EKEYEXPIRED:
		return "key has expired"
	case EKEYREVOKED:
		return "key has been revoked"
	case EKEYREJECTED:
		return "key was rejected by service"
	case EOWNERDEAD:
		return "owner died"
	case ENOTRECOVERABLE:
		return "state not recoverable"
	case ERFKILL:
		return "operation not possible due to RF-kill"
	}
	return ""
}
