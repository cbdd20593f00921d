"""What stands beside a denial of something else: "no bulge or tear, and the canal is mildly narrowed".

Denials of other nouns x joints x clauses about a structure: the denial ends with its nouns, whatever their
number, and the clause says what it would say alone.
"""

from __future__ import annotations

import pytest
from graded import misread

DENIALS = (
    "no disc bulge",
    "no significant disc bulge",
    "no disc abnormality",
    "no disc bulge or protrusion",
    "no disc bulge, protrusion or herniation",
    "no bulge, protrusion, or herniation",
    "neither bulge nor protrusion",
    "no slip, no fracture and no disc herniation",
    "no disc desiccation and no bulge",
    "no loss of disc height, bulge or tear",
    "no spondylolisthesis or fracture",
    "no evidence of disc herniation or annular tear",
    "no focal disc herniation or nerve root compression",
    "no disc herniation, nerve root impingement or cord compression",
    "no ligamentum flavum thickening or disc bulge",
    "no recurrent disc herniation or scar",
    "no edema or enhancement",
    "no disc lesion or effect on the sac",
)
JOINTS = (", and ", " and ", ", ", ", but ", "; ", ", while ")
WITH = (", with ", " with ")
CLAUSES = {
    "the canal is patent": "SCS=0",
    "the central canal remains capacious": "SCS=0",
    "the canal is of normal calibre": "SCS=0",
    "the canal is mildly narrowed": "SCS=1",
    "the canal and foramina are patent": "SCS=0 RFS=0 LFS=0",
    "the canal and both foramina are mildly narrowed": "SCS=1 RFS=1 LFS=1",
    "the canal is mildly and the foramina are severely narrowed": "SCS=1 RFS=3 LFS=3",
    "the canal and the lateral recesses and foramina are normal": "SCS=0 RFS=0 LFS=0 RRS=0 LRS=0",
    "both foramina are moderately narrowed": "RFS=2 LFS=2",
    "the foramina are not narrowed": "RFS=0 LFS=0",
    "the left foramen is severely narrowed": "LFS=3",
    "the right foramen is patent and the left moderately narrowed": "RFS=0 LFS=2",
    "foraminal stenosis is mild on the left": "LFS=1",
    "the facets are moderately hypertrophied": "RFA=2 LFA=2",
    "mild canal stenosis is present": "SCS=1",
    "there is mild canal stenosis": "SCS=1",
    "the left foramen severe": "LFS=3",
    "canal mild, foramina moderate": "SCS=1 RFS=2 LFS=2",
    "the canal is otherwise patent": "SCS=0",
}
NOUNS = {
    "mild canal stenosis": "SCS=1",
    "only mild narrowing of the canal": "SCS=1",
    "moderate bilateral foraminal narrowing": "RFS=2 LFS=2",
    "severe right and mild left foraminal stenosis": "RFS=3 LFS=1",
    "canal patent": "SCS=0",
    "right foramen mildly narrowed": "RFS=1",
    "a patent canal": "SCS=0",
    "patent foramina": "RFS=0 LFS=0",
    "adequate canal and foramina": "SCS=0 RFS=0 LFS=0",
}


@pytest.mark.parametrize("denial", DENIALS)
def test_denial_ends_with_its_nouns(denial: str) -> None:
    pairs = [(joint, clause) for joint in JOINTS for clause in (CLAUSES | NOUNS).items()]
    pairs += [(joint, clause) for joint in WITH for clause in NOUNS.items()]
    texts = {
        text: {("L4-L5", cell[:3]): int(cell[4:]) for cell in cells.split()}
        for joint, (clause, cells) in pairs
        for text in (
            f"L4-5: {denial[0].upper()}{denial[1:]}{joint}{clause}.",
            f"At L4-5, there is {denial}{joint}{clause}.",
        )
    }
    assert misread(texts.items()) == []
