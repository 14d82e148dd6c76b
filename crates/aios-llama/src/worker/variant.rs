//! Puts another build of llama.cpp's arithmetic in place of the linked one.
//!
//! The only unsafe code of the product besides the sandbox.
#![expect(unsafe_code, reason = "ggml's registry of back ends has no safe binding")]

use crate::wire::{LoadFailure, Variant};

/// Makes a variant the one that llama.cpp computes with; has to come before anything else of llama.cpp.
pub(super) fn activate(variant: Variant) -> Result<(), LoadFailure> {
    let failed = |detail: String| LoadFailure::NoVariant { variant, detail };
    match variant {
        Variant::Baseline => Ok(()),
        #[cfg(avx512vnni_built_in)]
        Variant::Avx512Vnni => replace(include_bytes!(env!("GGML_CPU_AVX512VNNI"))).map_err(failed),
        #[cfg(not(avx512vnni_built_in))]
        Variant::Avx512Vnni => Err(failed("it is not part of this build".to_owned())),
    }
}

/// Loads a shared object from memory: there need be no folder that it may be written to and run from.
#[cfg(avx512vnni_built_in)]
fn replace(module: &[u8]) -> Result<(), String> {
    use std::fs::File;
    use std::io::Write;
    use std::os::fd::AsRawFd;

    use llama_cpp_sys_2::{ggml_backend_cpu_reg, ggml_backend_load, ggml_backend_unload};
    use rustix::fs::{MemfdFlags, memfd_create};

    let memory = memfd_create("ggml-cpu", MemfdFlags::CLOEXEC).map_err(|e| e.to_string())?;
    let mut file = File::from(memory);
    file.write_all(module).map_err(|e| e.to_string())?;
    let path =
        std::ffi::CString::new(format!("/proc/self/fd/{}", file.as_raw_fd())).map_err(|e| e.to_string())?;
    // SAFETY: the path is a valid C string; the module is ours, built from the same sources as the registry that loads
    // it; no other thread uses the registry yet. Unloading the linked back end only takes it off the registry's list.
    unsafe {
        let linked = ggml_backend_cpu_reg();
        if ggml_backend_load(path.as_ptr()).is_null() {
            return Err("the system refused the shared object".to_owned());
        }
        ggml_backend_unload(linked);
    }
    Ok(())
}
