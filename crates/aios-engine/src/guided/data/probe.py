# Looks at Python sources and tries tests on them. The arguments are pieces of one JSON object; the last line of the
# output is RESULT and a JSON object. Runs in the sandbox, because tests are code that nobody has read.
import ast
import builtins
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile

PASSED_OVER = {".git", ".aios", "node_modules", "target", "dist", "build", "__pycache__", ".venv", "venv"}


def survey(file):
    try:
        tree = ast.parse(file["text"], file["path"])
    except (SyntaxError, ValueError) as error:
        return {"fault": f"line {getattr(error, 'lineno', 0) or 0}: {getattr(error, 'msg', error)}"}
    exports, raises = [], []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            exports.append({"name": node.name, "signature": signature(node), "members": []})
        elif isinstance(node, ast.ClassDef):
            methods = [sub for sub in node.body if isinstance(sub, (ast.FunctionDef, ast.AsyncFunctionDef))]
            members = [{"name": sub.name, "signature": signature(sub)} for sub in methods]
            exports.append({"name": node.name, "signature": f"class {node.name}", "members": members})
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            exports.extend({"name": name, "signature": "", "members": []} for name in names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            name = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(name, ast.Name) and name.id not in raises:
                raises.append(name.id)
    missing = [name for name in modules(tree) if not found(name, os.path.dirname(file["path"]))]
    return {"exports": exports, "raises": raises, "undefined": undefined(tree), "missing": missing}


def signature(node):
    begin = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    gives = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{begin} {node.name}({ast.unparse(node.args)}){gives}"


def undefined(tree):
    bound = set(dir(builtins)) | {"__name__", "__file__", "__doc__", "__path__"}
    loaded = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            if node.name == "*":
                return []
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        elif type(node).__name__ in ("MatchAs", "MatchStar") and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                loaded.append(node.id)
            else:
                bound.add(node.id)
    return sorted({name for name in loaded if name not in bound})


def modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def found(name, folder):
    if name in getattr(sys, "stdlib_module_names", ()):
        return True
    beside = [os.path.join(base, name) for base in {"", folder, "src"}]
    if any(os.path.isdir(path) or os.path.isfile(path + ".py") for path in beside):
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def trial(variant, tests, seconds):
    folder = tempfile.mkdtemp(prefix="trial-")
    try:
        copy = os.path.join(folder, "copy")
        shutil.copytree(".", copy, ignore=lambda _, names: PASSED_OVER.intersection(names), symlinks=True)
        for path, text in variant.items():
            place = os.path.join(copy, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
        report = os.path.join(folder, "report.xml")
        command = [sys.executable, "-B", "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "--rootdir=."]
        try:
            done = subprocess.run(
                [*command, f"--junitxml={report}", *tests],
                cwd=copy, timeout=seconds, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
            )
        except subprocess.TimeoutExpired:
            return {"output": f"the tests did not end within {seconds} seconds"}
        output = done.stdout + done.stderr
        if not os.path.isfile(report):
            return {"output": output[-4000:]}
        with open(report, encoding="utf-8", errors="replace") as file:
            return {"report": file.read(), "output": output[-4000:]}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    asked = json.loads("".join(sys.argv[1:]))
    if asked["task"] == "survey":
        result = [survey(file) for file in asked["files"]]
    else:
        result = [trial(variant, asked["tests"], asked["seconds"]) for variant in asked["variants"]]
    print("\nRESULT " + json.dumps(result))


main()
