"""Do the stubs, which editors read, say the same as help()?"""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import active_oauth
from active_oauth import _active


def test_every_docstring_of_the_stubs_is_the_runtimes() -> None:
    stub = ast.parse((Path(active_oauth.__file__).parent / "_active.pyi").read_text())
    documented = 0
    for kind in (node for node in stub.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")):
        cls = getattr(_active, kind.name)
        assert ast.get_docstring(kind) == inspect.cleandoc(cls.__doc__), kind.name
        for method in (node for node in kind.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")):
            said = ast.get_docstring(method)
            if said is None:
                assert "overload" in ast.unparse(method.decorator_list[0]), f"{kind.name}.{method.name} is undocumented"
                continue
            assert said == inspect.cleandoc(getattr(cls, method.name).__doc__), f"{kind.name}.{method.name}"
            documented += 1
    assert documented > 60
