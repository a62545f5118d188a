"""The language of templates: Jinja that writes data, and can do nothing else.

A project's own templates may come from anybody, and `check` and `render` must run nothing that a project
contains. So a template has a fixed set of statements, operators, filters and methods, reaches no attribute
of Python's own, and has a budget: it ends, in a bounded time and memory, whatever it says.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from functools import wraps
from types import BuiltinMethodType
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

# The work of one template: characters and entries made, and nodes of loops and includes gone through. The
# built-in ones need some hundreds.
BUDGET = 500_000
# Characters of what one template makes; a large request schema has some 400,000.
MOST_OUTPUT = 20_000_000

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Slice, nodes.If, nodes.CondExpr, nodes.For, nodes.Assign, nodes.With, nodes.Include, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul,
    nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
    nodes.Keyword, nodes.Filter, nodes.Test, nodes.Call,
)  # fmt: skip
_WRITTEN: Mapping[type[nodes.Node], str] = {
    nodes.AssignBlock: "set ... endset",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.FromImport: "from",
    nodes.NSRef: "namespace",
    nodes.Pow: "**",
}
_FILTERS = frozenset({
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "join",
    "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "select",
    "selectattr", "sort", "string", "title", "trim", "unique", "upper",
})  # fmt: skip
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset({
        "endswith", "lower", "lstrip", "removeprefix", "removesuffix", "rstrip", "split", "startswith",
        "strip", "title", "upper",
    }),
    dict: frozenset({"get", "items", "keys", "values"}),
}  # fmt: skip
_NUMBERS = (int, float)
_LARGEST = 2**64


class Generator(CodeGenerator):
    """Refuses what is not in the language, and puts meters into the rest."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Compile a template, once it is checked and metered."""
        for inner in node.find_all(nodes.Node):
            if not isinstance(inner, _ALLOWED):
                word = _WRITTEN.get(type(inner), type(inner).__name__.lower())
                self.fail(f"a template cannot use `{word}`", inner.lineno or 1)
        for concat in list(node.find_all(nodes.Concat)):
            concat.nodes = [_filter("piece", piece) for piece in concat.nodes]
        for loop in list(node.find_all(nodes.For)):
            loop.body.insert(0, _charge(loop.body, loop.lineno))
        node.body.insert(0, _charge(node.body, 1))
        super().visit_Template(node, frame)


def _charge(body: Sequence[nodes.Node], line: int) -> nodes.Node:
    """A statement that takes the work of `body` from the budget."""
    inside = (inner for one in body for inner in (one, *one.find_all(nodes.Node)))
    work = sum(len(one.data) if isinstance(one, nodes.TemplateData) else 1 for one in inside)
    return nodes.ExprStmt(_filter("work", nodes.Const(work, lineno=line)), lineno=line)


def _filter(name: str, node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class Language(ImmutableSandboxedEnvironment):
    """The environment that templates are rendered in.

    `names` are known to every template. The functions among them are what a template may call beside the
    methods of texts and mappings; nothing else can be called, and no name that begins with `_` reached.
    """

    code_generator_class = Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self, names: Mapping[str, Any], **options: Any) -> None:
        # The optimizer runs filters while it compiles, and would take the meters for constants.
        super().__init__(undefined=StrictUndefined, optimized=False, **options)
        self.left = BUDGET
        self._functions = tuple(value for value in names.values() if callable(value))
        self.globals = dict(names)
        kept = {name: self._metered(self.filters[name]) for name in _FILTERS}
        kept |= {"join": self._join, "replace": self._replace}
        self.filters = kept | {"piece": self._piece, "work": self._work}

    def produce(self, name: str, holes: Mapping[str, Any]) -> str:
        """What the template `name` makes of `holes`; SecurityError when that takes more than the budget."""
        self.left = BUDGET
        pieces, size = [], 0
        for piece in self.get_template(name).generate(holes):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_OUTPUT:
                raise SecurityError(f"this template makes more than {MOST_OUTPUT:,} characters")
        return "".join(pieces)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call `obj`."""
        if isinstance(obj, Undefined):
            return True  # calling it says what there isn't
        if isinstance(obj, BuiltinMethodType):
            return obj.__name__ in _METHODS.get(type(obj.__self__), frozenset())
        return any(obj is function for function in self._functions)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as Jinja's
        """Call `__obj`, and charge for what it makes."""
        if not __self.is_safe_callable(__obj):
            raise SecurityError(
                f"a template cannot call `{getattr(__obj, '__name__', type(__obj).__name__)}`"
            )
        return __self._charged(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers, and put texts or lists one behind the other."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)  # which says what there isn't
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            result = super().call_binop(context, operator, left, right)
            if abs(result) > _LARGEST:
                raise SecurityError("this number is too large")
            return result
        if operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
            self._spend(len(left) + len(right))
            return super().call_binop(context, operator, left, right)
        kinds = f"{type(left).__name__} and {type(right).__name__}"
        raise TypeError(f"`{operator}` cannot be used with {kinds}")

    def _spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise SecurityError("this template does not come to an end: it makes or repeats too much")

    def _charged(self, made: Any) -> Any:
        self._spend(1 + (len(made) if isinstance(made, Sized) else 0))
        return made

    def _metered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)  # with Jinja's mark for what it is passed first
        def metered(*args: Any, **kwargs: Any) -> Any:
            return self._charged(function(*args, **kwargs))

        return metered

    @pass_context  # so that Jinja does not take it for a constant
    def _piece(self, _context: Context, value: Any) -> str:
        return str(self._charged(str(value)))

    @pass_context
    def _work(self, _context: Context, work: int) -> None:
        if type(work) is not int or work < 0:  # a template that uses the meter itself, to turn it back
            raise SecurityError("No filter named 'work'.")
        self._spend(work)

    def _join(self, values: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
        """The texts of `values`, or of an attribute of each, with `separator` between them."""
        found = [self.getattr(value, attribute) if attribute else value for value in values]
        texts = [str(value) for value in found]
        self._spend(sum(map(len, texts)) + len(separator) * len(texts))
        return separator.join(texts)

    def _replace(self, text: Any, old: str, new: str) -> str:
        """The text with each `old` as `new`."""
        before = str(text)
        self._spend(len(before) + before.count(old) * len(new))
        return before.replace(old, new)
