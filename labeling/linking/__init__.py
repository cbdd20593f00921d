"""From the items of a sentence to statements; see `labeling.linking.linker` for a trace."""

from labeling.linking.linker import Linker as Linker
