package evidence

import (
	"debug/elf"
	"errors"
	"os"
	"runtime"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A process in which a stranger's bytes are read has no business with any file of this machine: what it reads comes by its standard
// input. Landlock (https://docs.kernel.org/userspace-api/landlock.html) takes them all away, from one thread and from what that
// thread starts. The Go runtime has other threads by then, so the process starts its own program anew from the thread that is shut
// off, and every thread of that is.

// shutWord is in the environment of a process that is shut off already.
const shutWord = "HOMEWARD_SHUT_OFF=1"

// landlocks returns the version of Landlock that the kernel has; 0 when it has none or it is switched off.
func landlocks() int {
	version, _, fault := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if fault != 0 {
		return 0
	}
	return int(version)
}

// FilesAreShut reports whether the kernel of this machine can keep a process away from every file.
func FilesAreShut() bool { return landlocks() > 0 }

// shutFiles takes every file away from this process, and does not return when it was not yet so: it starts the program anew. Where
// the kernel has no Landlock it does nothing.
func shutFiles() error {
	version := landlocks()
	if version == 0 || slices.Contains(os.Environ(), shutWord) {
		return nil
	}
	runtime.LockOSThread() // until the program starts anew
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	rules, err := ruleset(version)
	if err != nil {
		return err
	}
	if err := errors.Join(leave(rules, self), leaveLibraries(rules, self)); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, fault := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(rules), 0, 0); fault != 0 {
		return fault
	}
	return syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), shutWord))
}

// ruleset makes a set of rules that forbids everything that can be done with files, as far as this version knows it.
func ruleset(version int) (fd int, err error) {
	all := uint64(unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1)
	for since, right := range map[int]uint64{2: unix.LANDLOCK_ACCESS_FS_REFER, 3: unix.LANDLOCK_ACCESS_FS_TRUNCATE, 5: unix.LANDLOCK_ACCESS_FS_IOCTL_DEV} {
		if version >= since {
			all |= right
		}
	}
	made, _, fault := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&all)), unsafe.Sizeof(all), 0)
	if fault != 0 {
		return 0, fault
	}
	unix.CloseOnExec(int(made))
	return int(made), nil
}

// leave lets a file, or what lies below a folder, be read and started.
func leave(rules int, f *os.File) error {
	rule := unix.LandlockPathBeneathAttr{Allowed_access: unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE, Parent_fd: int32(f.Fd())}
	_, _, fault := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if fault != 0 {
		return fault
	}
	return nil
}

// leaveLibraries leaves the libraries of the system to a program that was built to load them. One that was built as it is released
// loads none.
func leaveLibraries(rules int, self *os.File) error {
	program, err := elf.NewFile(self)
	if err != nil {
		return err
	}
	loads := slices.ContainsFunc(program.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
	for _, folder := range []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64"} {
		f, err := os.Open(folder)
		if !loads || err != nil {
			continue // it loads none, or there are none here
		}
		err = leave(rules, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
