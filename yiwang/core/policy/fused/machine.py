"""A function in LLVM's language made into machine code, and kept: in the process, and in a folder if one is named."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

_SHAPE = ctypes.CFUNCTYPE(
    None,
    *[ctypes.c_void_p] * 3,
    ctypes.c_int64,
    *[ctypes.c_void_p] * 2,
    ctypes.c_int64,
    ctypes.c_void_p,
    ctypes.c_int64,
    ctypes.c_void_p,
)
_lock = Lock()
_made: dict[str, Callable] = {}
_owners: list[object] = []  # of the machine code


@lru_cache(maxsize=1)
def _llvm() -> Any:
    """LLVM, first asked for when it is needed: a case at the counter never needs it."""
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


@lru_cache(maxsize=1)
def _machine() -> Any:
    llvm = _llvm()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True
    )


def key_of(text: str) -> str:
    """Names the machine code of a text: for this processor, by this version of LLVM."""
    llvm = _llvm()
    here = f"{llvm.llvm_version_info} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}\n"
    return sha256((here + text).encode()).hexdigest()


def made(text: str) -> Callable | None:
    """The function of a text, if this process has it."""
    return _made.get(text)


def is_kept(text: str, folder: Path | None) -> bool:
    """Whether it need only be read from the folder, which takes no time worth a word."""
    return folder is not None and _path(text, folder).exists()


def _path(text: str, folder: Path) -> Path:
    return folder / f"{key_of(text)}.o"


def make(text: str, folder: Path | None = None) -> Callable:
    """The function of a text: taken from the folder, or made (which takes about a second) and left there.

    Calls of it leave other threads free to run. Whoever may write to the folder may have anything run.
    """
    with _lock:
        found = _made.get(text)
        if found is None:
            kept = _path(text, folder) if folder is not None else None
            code = _read(kept) if kept is not None else None
            if code is None:
                code = _compiled(text)
                if kept is not None:
                    _keep(kept, code)
            found = _made[text] = _loaded(code)
    return found


def _read(path: Path) -> bytes | None:
    try:
        code = path.read_bytes()
    except OSError:
        return None
    digest, code = code[:32], code[32:]
    return code if sha256(code).digest() == digest else None  # else it was cut off while it was written


def _keep(path: Path, code: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(f".{uuid4().hex}")
        beside.write_bytes(sha256(code).digest() + code)
        os.replace(beside, path)
    except OSError:
        return  # a folder that can't be written to costs time, nothing else


def _compiled(text: str) -> bytes:
    machine, llvm = _machine(), _llvm()
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization, tuning.slp_vectorization = True, False
    tuning.loop_interleaving = tuning.loop_unrolling = False
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    return machine.emit_object(module)


def _loaded(code: bytes) -> Callable:
    llvm = _llvm()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _owners.append(engine)
    return _SHAPE(engine.get_function_address("answer"))
