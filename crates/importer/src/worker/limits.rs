//! What the worker process may use and do, decided before it touches a file: limits on memory,
//! processor time, open files and file size, no network, no programs, no writing.

use std::collections::BTreeMap;
use std::io;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use rlimit::Resource;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Address space of the worker.
const ADDRESS_SPACE_BYTES: u64 = 4 << 30;
/// Processor time of the worker.
const CPU_SECONDS: u64 = 600;
/// The kernel kills a process at its hard limit without saying why; up to this much earlier, at
/// the soft limit, the signal says that it was the time.
const CPU_GRACE_SECONDS: u64 = 5;
/// The largest file that the worker could write, were it to write one.
const FILE_SIZE_BYTES: u64 = 1 << 30;
/// So many files may be open at once: a survey's own, and the tables of the libraries.
const OPEN_FILES: u64 = 64;

/// The system calls that reading a file needs, whatever their arguments. All others are denied,
/// and with them the network, other programs and processes, and every change of files.
const ALLOWED: &[libc::c_long] = &[
    // Reading files and folders, answering.
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_readv,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_dup,
    libc::SYS_fcntl,
    libc::SYS_fadvise64,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    // Time, waiting, chance.
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    // What this process and machine are.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getrlimit,
    libc::SYS_getrusage,
    libc::SYS_times,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    // Signals and the end.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_membarrier,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// The older forms of allowed calls, which newer processor architectures do not have.
#[cfg(target_arch = "x86_64")]
const ALLOWED_OLD: &[libc::c_long] = &[
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_poll,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_OLD: &[libc::c_long] = &[];

/// The calls that open a file, with the place of their flags among the arguments: opening is
/// allowed for reading only.
#[cfg(target_arch = "x86_64")]
const OPENING: &[(libc::c_long, u8)] = &[(libc::SYS_openat, 2), (libc::SYS_open, 1)];
#[cfg(not(target_arch = "x86_64"))]
const OPENING: &[(libc::c_long, u8)] = &[(libc::SYS_openat, 2)];

/// The flags of an opening call that ask for more than reading.
const MORE_THAN_READING: i32 = libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND;

/// Why this process cannot be limited; no file is opened then.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// A resource limit is not accepted.
    #[error(
        "the reader cannot limit its {resource}; no file was opened; report this to the operator"
    )]
    Resource {
        /// What was to be limited.
        resource: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The system call filter is not accepted.
    #[error(
        "the reader cannot give up the network and other programs (seccomp); no file was opened; \
         report this to the operator"
    )]
    Filter {
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Limits this process and all its threads for the rest of their life: 4 GiB of address space,
/// 600 s of processor time, 64 open files, no core dump, no network, no other programs, no
/// writing of files. It ends when the process that started it ends.
///
/// # Errors
/// When the system does not accept a limit. The caller must then not open a file.
pub fn confine() -> Result<(), ConfineError> {
    limit("memory", Resource::AS, ADDRESS_SPACE_BYTES, 0)?;
    limit(
        "processor time",
        Resource::CPU,
        CPU_SECONDS,
        CPU_GRACE_SECONDS,
    )?;
    limit("file size", Resource::FSIZE, FILE_SIZE_BYTES, 0)?;
    limit("number of open files", Resource::NOFILE, OPEN_FILES, 0)?;
    limit("core dumps", Resource::CORE, 0, 0)?;
    set_pdeathsig(Signal::SIGKILL).map_err(|error| ConfineError::Resource {
        resource: "life to that of the importing program",
        source: error.into(),
    })?;
    let program = filter().map_err(|error| ConfineError::Filter {
        source: error.into(),
    })?;
    seccompiler::apply_filter_all_threads(&program).map_err(|error| ConfineError::Filter {
        source: error.into(),
    })
}

/// Lowers a limit; one that is lower already stays. `grace` lies between the soft limit, at which
/// a signal says what was exceeded, and the hard one.
fn limit(
    name: &'static str,
    resource: Resource,
    most: u64,
    grace: u64,
) -> Result<(), ConfineError> {
    let wrong = |source| ConfineError::Resource {
        resource: name,
        source,
    };
    let (soft, hard) = resource.get().map_err(wrong)?;
    let hard = hard.min(most.saturating_add(grace));
    resource.set(soft.min(most), hard).map_err(wrong)
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let always = ALLOWED
        .iter()
        .chain(ALLOWED_OLD)
        .map(|&call| Ok((call, Vec::new())));
    let reading = OPENING.iter().map(|&(call, flags)| {
        let mask = u64::from(MORE_THAN_READING.unsigned_abs());
        only_if(call, flags, SeccompCmpOp::MaskedEq(mask), 0)
    });
    let special = [
        // Asking what kind of device a file is; other questions can put words into a terminal.
        only_if(libc::SYS_ioctl, 1, SeccompCmpOp::Eq, libc::TCGETS),
        // Asking for a limit, not setting one.
        only_if(libc::SYS_prlimit64, 2, SeccompCmpOp::Eq, 0),
        // The process may end itself, nobody else.
        only_if(
            libc::SYS_tgkill,
            0,
            SeccompCmpOp::Eq,
            std::process::id().into(),
        ),
    ];
    SeccompFilter::new(
        always
            .chain(reading)
            .chain(special)
            .collect::<Result<BTreeMap<_, _>, _>>()?,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// The rule that allows a call when its argument at a place compares so with a value.
fn only_if(
    call: libc::c_long,
    argument: u8,
    comparison: SeccompCmpOp,
    value: u64,
) -> Result<(libc::c_long, Vec<SeccompRule>), seccompiler::BackendError> {
    let length = match call {
        libc::SYS_prlimit64 => SeccompCmpArgLen::Qword,
        _ => SeccompCmpArgLen::Dword,
    };
    let condition = SeccompCondition::new(argument, length, comparison, value)?;
    Ok((call, vec![SeccompRule::new(vec![condition])?]))
}
