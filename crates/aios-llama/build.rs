//! Compiles the variants of llama.cpp's arithmetic that are not linked in, one shared object each, for `include_bytes!`.
//!
//! llama-cpp-sys-2 builds one static variant. Each further one is the same `ggml-cpu` compiled for another family of
//! processors, closed in itself (its own `ggml-base`), so that nothing of it can be mixed up with the linked one.
//! See crates/decisions/0002. Without the tools for it, the product has the linked variant alone.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by the environment what to do, and writes files"
)]

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// As `-m` flags, on top of what the linked variant has.
const AVX512_VNNI: [&str; 12] = [
    "sse4.2",
    "f16c",
    "fma",
    "bmi2",
    "avx",
    "avx2",
    "avx512f",
    "avx512cd",
    "avx512vl",
    "avx512dq",
    "avx512bw",
    "avx512vnni",
];

/// The sources of `ggml-cpu` on x86-64, below its folder.
const C_SOURCES: [&str; 3] = ["ggml-cpu.c", "quants.c", "arch/x86/quants.c"];
const CPP_SOURCES: [&str; 14] = [
    "ggml-cpu.cpp",
    "repack.cpp",
    "hbm.cpp",
    "traits.cpp",
    "amx/amx.cpp",
    "amx/mmq.cpp",
    "binary-ops.cpp",
    "unary-ops.cpp",
    "vec.cpp",
    "ops.cpp",
    "arch/x86/repack.cpp",
    "llamafile/sgemm.cpp",
    "tiled/tiled.cpp",
    "tiled/tiled-kernel.cpp",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(avx512vnni_built_in)");
    let wanted = env::var_os("CARGO_FEATURE_LLAMA").is_some()
        && env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux")
        && env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64");
    if !wanted {
        return;
    }
    match build("avx512vnni", &AVX512_VNNI) {
        Ok(()) => println!("cargo:rustc-cfg=avx512vnni_built_in"),
        Err(error) => println!("cargo:warning=the embedded model has no AVX-512 variant: {error}"),
    }
}

fn build(name: &str, features: &[&str]) -> Result<(), Box<dyn Error>> {
    let llama = PathBuf::from(env::var("DEP_LLAMA_ROOT")?);
    let ggml = sources(&llama)?.join("ggml");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let base = |cpp: bool| {
        let mut build = cc::Build::new();
        build
            .cpp(cpp)
            .std(if cpp { "c++17" } else { "c11" })
            .opt_level(3)
            .pic(true)
            .warnings(false)
            .debug(false);
        build.cargo_metadata(false).flag("-fopenmp").flag("-fvisibility=hidden");
        for folder in ["include", "src", "src/ggml-cpu"] {
            build.include(ggml.join(folder));
        }
        for define in
            ["GGML_USE_OPENMP", "GGML_USE_CPU_REPACK", "GGML_USE_LLAMAFILE", "NDEBUG", "_GNU_SOURCE"]
        {
            build.define(define, None);
        }
        // These three make it a loadable module with one entry point.
        for define in ["GGML_BACKEND_DL", "GGML_BACKEND_BUILD", "GGML_BACKEND_SHARED"] {
            build.define(define, None);
        }
        build.define("_XOPEN_SOURCE", "600").define("GGML_SCHED_MAX_COPIES", "4");
        for feature in features {
            build.flag(format!("-m{feature}"));
        }
        build
    };
    let files =
        |list: &[&str]| list.iter().map(|file| ggml.join("src/ggml-cpu").join(file)).collect::<Vec<_>>();
    let mut objects = base(false).files(files(&C_SOURCES)).try_compile_intermediates()?;
    objects.extend(base(true).files(files(&CPP_SOURCES)).try_compile_intermediates()?);
    let exports = out.join(format!("{name}.map"));
    fs::write(&exports, "{ global: ggml_backend_init; local: *; };")?;
    let module = out.join(format!("ggml-cpu-{name}.so"));
    let linked = base(true)
        .try_get_compiler()?
        .to_command()
        .args(["-shared", "-s", "-Wl,--gc-sections", "-Wl,-Bsymbolic", "-Wl,--no-undefined"])
        .arg(format!("-Wl,--version-script={}", exports.display()))
        .arg("-o")
        .arg(&module)
        .args(&objects)
        .arg(llama.join("lib/libggml-base.a"))
        .args(["-ldl", "-lpthread", "-lm"])
        .status()?;
    if !linked.success() {
        return Err(format!("the linker ended with {linked}").into());
    }
    println!("cargo:rustc-env=GGML_CPU_{}={}", name.to_uppercase(), module.display());
    Ok(())
}

/// llama.cpp's sources, where its own build found them.
fn sources(llama: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cache = fs::read_to_string(llama.join("build/CMakeCache.txt"))?;
    let home = cache.lines().find_map(|line| line.strip_prefix("CMAKE_HOME_DIRECTORY:INTERNAL="));
    Ok(PathBuf::from(home.ok_or("CMakeCache.txt does not name the sources")?))
}
