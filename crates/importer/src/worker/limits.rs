//! What the worker process may use and do, decided before it touches a file: limits on memory,
//! processor time and file size, no network, no programs, no writing.

use std::collections::BTreeMap;
use std::io;

use rlimit::Resource;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Address space of the worker.
const ADDRESS_SPACE_BYTES: u64 = 4 << 30;
/// Processor time of the worker.
const CPU_SECONDS: u64 = 600;
/// The largest file that the worker could write, were it to write one.
const FILE_SIZE_BYTES: u64 = 1 << 30;

/// System calls that reading a file never needs: network, processes, other processes' memory,
/// changes of the file system and of the kernel.
const DENIED: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_kill,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_truncate,
    libc::SYS_ftruncate,
    libc::SYS_setxattr,
    libc::SYS_openat2,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
];

/// The older forms of denied calls, which newer processor architectures do not have.
#[cfg(target_arch = "x86_64")]
const DENIED_OLD: &[libc::c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_mknod,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
];
#[cfg(not(target_arch = "x86_64"))]
const DENIED_OLD: &[libc::c_long] = &[];

/// The calls that open a file, with the place of their flags among the arguments: opening for
/// writing is denied.
#[cfg(target_arch = "x86_64")]
const OPENING: &[(libc::c_long, u8)] = &[(libc::SYS_openat, 2), (libc::SYS_open, 1)];
#[cfg(not(target_arch = "x86_64"))]
const OPENING: &[(libc::c_long, u8)] = &[(libc::SYS_openat, 2)];

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
/// 600 s of processor time, no core dump, no network, no other programs, no writing of files.
///
/// # Errors
/// When the system does not accept a limit. The caller must then not open a file.
pub fn confine() -> Result<(), ConfineError> {
    limit("memory", Resource::AS, ADDRESS_SPACE_BYTES)?;
    limit("processor time", Resource::CPU, CPU_SECONDS)?;
    limit("file size", Resource::FSIZE, FILE_SIZE_BYTES)?;
    limit("core dumps", Resource::CORE, 0)?;
    let program = filter().map_err(|error| ConfineError::Filter {
        source: error.into(),
    })?;
    seccompiler::apply_filter_all_threads(&program).map_err(|error| ConfineError::Filter {
        source: error.into(),
    })
}

/// Lowers a limit; one that is lower already stays.
fn limit(name: &'static str, resource: Resource, most: u64) -> Result<(), ConfineError> {
    let wrong = |source| ConfineError::Resource {
        resource: name,
        source,
    };
    let (soft, hard) = resource.get().map_err(wrong)?;
    resource.set(soft.min(most), hard.min(most)).map_err(wrong)
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let always = DENIED
        .iter()
        .chain(DENIED_OLD)
        .map(|&call| Ok((call, Vec::new())));
    let writing = OPENING
        .iter()
        .map(|&(call, flags)| Ok((call, opened_for_writing(flags)?)));
    let rules = always
        .chain(writing)
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// Rules that meet an opening call whose flags ask for more than reading.
fn opened_for_writing(flags: u8) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    [
        (libc::O_ACCMODE, libc::O_WRONLY),
        (libc::O_ACCMODE, libc::O_RDWR),
        (libc::O_CREAT, libc::O_CREAT),
        (libc::O_TRUNC, libc::O_TRUNC),
    ]
    .into_iter()
    .map(|(mask, value)| {
        SeccompRule::new(vec![SeccompCondition::new(
            flags,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::MaskedEq(u64::from(mask.unsigned_abs())),
            u64::from(value.unsigned_abs()),
        )?])
    })
    .collect()
}
