"""System calls that a confined worker may make: a seccomp filter that refuses all others.

A list of what is allowed, since kernels gain system calls. The list leaves out whatever takes kernel memory that is
counted for no process (semaphores, message queues, pages kept by pipes, epoll, asynchronous input), reaches other
processes or rarely tested parts of the kernel, or starts a process or a program: a worker is one process, so that its
memory is the memory of the submission. No exercise needs them.
"""

import ctypes
import platform
import struct

__all__ = ["ALLOWED_SYSTEM_CALLS", "install_filter"]

# name:number on x86_64:number on aarch64
ALLOWED_SYSTEM_CALLS = {
    "files": """
        read:0:63 write:1:64 readv:19:65 writev:20:66 pread64:17:67 pwrite64:18:68 preadv:295:69 pwritev:296:70
        open:2:- openat:257:56 close:3:57 close_range:436:436 creat:85:- lseek:8:62 stat:4:- fstat:5:80 lstat:6:-
        newfstatat:262:79 statx:332:291 access:21:- faccessat:269:48 faccessat2:439:439 statfs:137:43 fstatfs:138:44
        fcntl:72:25 flock:73:32 fsync:74:82 fdatasync:75:83 truncate:76:45 ftruncate:77:46 fallocate:285:47
        fadvise64:221:223 readahead:187:213 dup:32:23 dup2:33:- dup3:292:24 pipe:22:- pipe2:293:59 ioctl:16:29
        getdents:78:- getdents64:217:61 getcwd:79:17 chdir:80:49 fchdir:81:50 mkdir:83:- mkdirat:258:34 rmdir:84:-
        rename:82:- renameat:264:38 renameat2:316:276 link:86:- linkat:265:37 unlink:87:- unlinkat:263:35
        symlink:88:- symlinkat:266:36 readlink:89:- readlinkat:267:78 chmod:90:- fchmod:91:52 fchmodat:268:53
        umask:95:166 utime:132:- utimes:235:- futimesat:261:- utimensat:280:88 getxattr:191:8 lgetxattr:192:9
        fgetxattr:193:10 listxattr:194:11 llistxattr:195:12 flistxattr:196:13 poll:7:- ppoll:271:73 select:23:-
        pselect6:270:72 eventfd2:290:19
    """,
    "memory": """
        brk:12:214 munmap:11:215 mremap:25:216 mprotect:10:226 madvise:28:233 mincore:27:232 msync:26:227
        mlock:149:228 munlock:150:229 membarrier:324:283 get_mempolicy:239:236
    """,
    "threads": """
        futex:202:98 set_robust_list:273:99 get_robust_list:274:100 set_tid_address:218:96 gettid:186:178
        rseq:334:293 arch_prctl:158:- prctl:157:167 sched_yield:24:124 sched_getaffinity:204:123
        sched_getparam:143:121 sched_getscheduler:145:120 sched_get_priority_max:146:125
        sched_get_priority_min:147:126 getcpu:309:168 getpriority:140:141 exit:60:93 exit_group:231:94 wait4:61:260
        waitid:247:95 restart_syscall:219:128
    """,
    "signals": """
        rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139 rt_sigpending:127:136 rt_sigtimedwait:128:137
        rt_sigsuspend:130:133 sigaltstack:131:132 kill:62:129 tkill:200:130 tgkill:234:131 pause:34:- alarm:37:-
        getitimer:36:102 setitimer:38:103 nanosleep:35:101 clock_nanosleep:230:115
    """,
    "facts": """
        getpid:39:172 getppid:110:173 getpgid:121:155 getpgrp:111:- getsid:124:156 setsid:112:157 setpgid:109:154
        getuid:102:174 geteuid:107:175 getgid:104:176 getegid:108:177 getgroups:115:158 getresuid:118:148
        getresgid:120:150 getrlimit:97:163 setrlimit:160:164 prlimit64:302:261 getrusage:98:165 times:100:153
        sysinfo:99:179 uname:63:160 time:201:- gettimeofday:96:169 clock_gettime:228:113 clock_getres:229:114
        getrandom:318:278
    """,
    "connection to the judge": "recvfrom:45:207 sendto:44:206 getsockname:51:204 getpeername:52:205 getsockopt:55:209",
}
CLONE, MMAP = (56, 220), (9, 222)  # allowed with some arguments
CLONE_THREAD = 0x10000  # in the flags of a new thread, and not in those of a new process
CLONE_NAMESPACES = 0x7E020000
MAP_SHARED, MAP_ANONYMOUS = 1, 0x20  # memory that is shared and anonymous is counted for no process
FIRST_RECENT_CALL = 424  # on every machine; libraries expect ENOSYS of recent calls, and fall back to older ones
NUMBER_OFFSET, ARCHITECTURE_OFFSET, ARGUMENT_0_OFFSET, ARGUMENT_3_OFFSET = 0, 4, 16, 40  # in struct seccomp_data
X32_BIT = 0x40000000  # x32 duplicates of all x86_64 calls
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
LOAD, EQUAL, AT_LEAST, HAS_BITS, VERDICT = 0x20, 0x15, 0x35, 0x45, 0x06  # opcodes of classic BPF
EPERM, ENOSYS = 1, 38
ALLOW, KILL, REFUSE, MISSING = 0x7FFF0000, 0x80000000, 0x00050000 | EPERM, 0x00050000 | ENOSYS
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


def install_filter() -> None:
    """Refuse all system calls but the allowed ones, for this process and whatever it starts.

    Raises:
        OSError: The kernel forbids the filter, or the machine is neither x86_64 nor aarch64.
    """
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(f"cannot filter system calls: expected {' or '.join(MACHINES)}, received {platform.machine()}")
    program = _filter_program(*machine)
    instructions = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    descriptor = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, descriptor, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot filter system calls")


def _filter_program(column, architecture):
    """Return instructions: opcode, steps to skip if true, steps to skip if false, operand."""
    program = [(LOAD, 0, 0, ARCHITECTURE_OFFSET), (EQUAL, 1, 0, architecture), (VERDICT, 0, 0, KILL)]
    program += [(LOAD, 0, 0, NUMBER_OFFSET)]
    if column == 0:
        program += [(HAS_BITS, 0, 1, X32_BIT), (VERDICT, 0, 0, REFUSE)]
    for number in _allowed_numbers(column):
        program += [(EQUAL, 0, 1, number), (VERDICT, 0, 0, ALLOW)]
    program += [(EQUAL, 0, 5, MMAP[column]), (LOAD, 0, 0, ARGUMENT_3_OFFSET)]
    program += [(HAS_BITS, 0, 2, MAP_SHARED), (HAS_BITS, 0, 1, MAP_ANONYMOUS)]
    program += [(VERDICT, 0, 0, REFUSE), (VERDICT, 0, 0, ALLOW)]
    program += [(EQUAL, 0, 5, CLONE[column]), (LOAD, 0, 0, ARGUMENT_0_OFFSET)]
    program += [(HAS_BITS, 2, 0, CLONE_NAMESPACES), (HAS_BITS, 0, 1, CLONE_THREAD)]
    program += [(VERDICT, 0, 0, ALLOW), (VERDICT, 0, 0, REFUSE)]
    program += [(AT_LEAST, 0, 1, FIRST_RECENT_CALL), (VERDICT, 0, 0, MISSING), (VERDICT, 0, 0, REFUSE)]
    return program


def _allowed_numbers(column):
    calls = [call.split(":")[1:] for group in ALLOWED_SYSTEM_CALLS.values() for call in group.split()]
    return [int(numbers[column]) for numbers in calls if numbers[column] != "-"]
