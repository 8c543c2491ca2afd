package evidence

import (
	"os"
	"syscall"
)

// closedOff returns how a process is started that reaches no network: in a namespace of its own, as nobody of this machine.
// Where namespaces of users are switched off, root may still give one of the network. The first that starts is taken; where
// none does, nothing is decoded.
func closedOff() []*syscall.SysProcAttr {
	const alone = syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
	uid, gid := os.Getuid(), os.Getgid()
	ways := []*syscall.SysProcAttr{{
		Cloneflags:  syscall.CLONE_NEWUSER | alone,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 65534, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 65534, HostID: gid, Size: 1}},
		Pdeathsig:   syscall.SIGKILL, Setsid: true,
	}}
	if uid == 0 {
		ways = append(ways, &syscall.SysProcAttr{Cloneflags: alone, Pdeathsig: syscall.SIGKILL, Setsid: true})
	}
	return ways
}

// bind bounds what this process may take, memory and seconds of a processor, and takes the files of the machine away from it.
func bind(seconds uint64) error {
	for resource, most := range map[int]uint64{
		syscall.RLIMIT_DATA: 1 << 30, syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0, syscall.RLIMIT_NOFILE: 16,
	} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return shutFiles()
}
