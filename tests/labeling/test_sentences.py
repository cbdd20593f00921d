# ruff: noqa: E501  # one sentence and its cells per line reads better than wrapped
"""One construction of the language per line: what a report may say, and every cell it fills.

The right side lists the cells as in ``L4-L5 SCS=2 RFS=1``: the grade, ``P`` affirmed with no grade, ``N`` only "no
severe" said, ``?`` uncertain. A cell that is not listed is absent.
"""

from __future__ import annotations

import pytest

from labeling.labeler import label_text
from labeling.report import LevelGrade
from lexicons.vocabulary import Certainty, Interval

# fmt: off
SENTENCES = [
    ("L4-5: Moderate canal and mild right foraminal stenosis.", "L4-L5 SCS=2 RFS=1"),
    ("L4-5: moderate central stenosis and foraminal narrowing.", "L4-L5 SCS=2 RFS=P LFS=P"),
    ("L4-5: moderate stenosis of the canal and left foramen.", "L4-L5 SCS=2 LFS=2"),
    (
        "L4-5: Severe canal stenosis and bilateral foraminal narrowing which is severe as well.",
        "L4-L5 SCS=3 RFS=3 LFS=3",
    ),
    ("L4-5: There is foraminal narrowing, moderate on the right and mild on the left.", "L4-L5 RFS=2 LFS=1"),
    ("L4-5: Right foramen is patent, left is mildly narrowed.", "L4-L5 RFS=0 LFS=1"),
    ("L4-5: Severe facet arthropathy without foraminal stenosis.", "L4-L5 RFA=3 LFA=3 RFS=0 LFS=0"),
    ("L4-5: no canal or foraminal stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: canal and foramina are patent.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: neither canal nor foraminal stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: no more than mild canal stenosis.", "L4-L5 SCS=0"),
    ("L4-5: no high-grade canal stenosis.", "L4-L5 SCS=N"),
    ("L4-5: no severe foraminal narrowing.", "L4-L5 RFS=N LFS=N"),
    ("L4-5: no moderate or severe canal stenosis.", "L4-L5 SCS=0"),
    ("L4-5: No significant stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("No significant stenosis at L2-3.", "L2-L3 SCS=0 RFS=0 LFS=0"),
    ("L4-5: moderate right and mild left stenosis.", "L4-L5 RFS=2 LFS=1"),
    ("L4-5: moderate stenosis.", "L4-L5 SCS=2"),
    ("L4-5: right greater than left moderate foraminal narrowing.", "L4-L5 RFS=2 LFS=2"),
    ("L4-5: Bilateral foraminal narrowing, worse on the left, where it is moderate.", "L4-L5 RFS=P LFS=2"),
    ("L4-5: no recurrent stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: no new canal stenosis.", ""),
    ("L4-5: effacement of the thecal sac.", ""),
    ("L4-5: narrowing of the thecal sac.", "L4-L5 SCS=P"),
    ("L4-5: The thecal sac is adequately patent.", "L4-L5 SCS=0"),
    ("L4-5: foraminal disc protrusion on the left.", ""),
    ("L4-5: severe disc space narrowing, moderate disc bulge, mild ligamentum flavum thickening.", ""),
    ("L4-5: The left lateral recess is obliterated.", "L4-L5 LRS=3"),
    ("L4-5: effaced perineural fat in the right foramen.", "L4-L5 RFS=P"),
    ("L4-5: at least moderate canal stenosis.", "L4-L5 SCS=2"),
    ("L4-5: significant canal stenosis.", "L4-L5 SCS=P"),
    ("L4-5: possible mild canal stenosis.", "L4-L5 SCS=1?"),
    ("L4-5: Canal stenosis cannot be excluded.", "L4-L5 SCS=P?"),
    ("L4-5: The left foramen cannot be assessed.", ""),
    ("L4-5: AP diameter of the canal measures 8 mm.", ""),
    ("Moderate stenosis of the left L4 foramen.", "L4-L5 LFS=2"),
    ("Grade 1 slip of L4 on L5 with mild canal stenosis.", "L4-L5 SCS=1"),
    (
        "There is no spinal stenosis.",
        "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=0; L5-S1 SCS=0",
    ),
    ("There is moderate spinal stenosis.", ""),
    (
        "Mild canal stenosis at all levels.",
        "T12-L1 SCS=1; L1-L2 SCS=1; L2-L3 SCS=1; L3-L4 SCS=1; L4-L5 SCS=1; L5-S1 SCS=1",
    ),
    (
        "No canal stenosis at any level except L4-5, where it is moderate.",
        "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=2; L5-S1 SCS=0",
    ),
    ("L4-5: Mild bulge. Otherwise unremarkable.", "L4-L5 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    (
        "L4-5: Mild right foraminal narrowing, otherwise unremarkable.",
        "L4-L5 SCS=0 RFS=1 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0",
    ),
    ("L1-2: No disc herniation.", ""),
    ("L1-2: Unremarkable.", "L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("L4-5: previously moderate, now severe canal stenosis.", "L4-L5 SCS=3"),
    ("L4-5: canal stenosis, previously moderate, now severe.", "L4-L5 SCS=3"),
    ("L4-5: canal stenosis has progressed from mild to moderate.", "L4-L5 SCS=2"),
    ("L4-5: unchanged mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: the canal stenosis has resolved.", "L4-L5 SCS=0"),
    (
        "L4-5: moderate disc bulge with facet hypertrophy causing moderate to severe canal stenosis and mild right, moderate left foraminal narrowing.",
        "L4-L5 SCS=3 RFA=P LFA=P RFS=1 LFS=2",
    ),
    ("L4-5: Foramina: mild right, moderate left.", "L4-L5 RFS=1 LFS=2"),
    ("L4-5: Foramina: R mild, L moderate.", "L4-L5 RFS=1 LFS=2"),
    ("L4-5: Foraminal stenosis R/L: mild/moderate.", "L4-L5 RFS=1 LFS=2"),
    ("L4-5: Neural foramina R: mild L: moderate.", "L4-L5 RFS=1 LFS=2"),
    (
        "L4-5: mild to moderate bilateral neural foraminal narrowing, right greater than left.",
        "L4-L5 RFS=2 LFS=2",
    ),
    (
        "L4-5: The central canal is mildly and the foramina are moderately narrowed.",
        "L4-L5 SCS=1 RFS=2 LFS=2",
    ),
    ("L4-5: The right and left foramina are mildly and severely narrowed respectively.", "L4-L5 RFS=1 LFS=3"),
    (
        "Moderate, severe and mild canal stenosis at L2-3, L3-4 and L4-5 respectively.",
        "L2-L3 SCS=2; L3-L4 SCS=3; L4-L5 SCS=1",
    ),
    ("Canal stenosis at L3-4 and L4-5, mild and severe respectively.", "L3-L4 SCS=1; L4-L5 SCS=3"),
    ("Canal stenosis is mild at L3-4 and severe at L4-5.", "L3-L4 SCS=1; L4-L5 SCS=3"),
    (
        "Severe canal stenosis at L4-5, moderate at L3-4 and mild at L2-3.",
        "L4-L5 SCS=3; L3-L4 SCS=2; L2-L3 SCS=1",
    ),
    (
        "Severe canal stenosis at L4-5 and moderate at L3-4. Mild foraminal narrowing on the left at L5-S1.",
        "L4-L5 SCS=3; L3-L4 SCS=2; L5-S1 LFS=1",
    ),
    ("L3-4 mild canal stenosis, L4-5 severe canal stenosis.", "L3-L4 SCS=1; L4-L5 SCS=3"),
    ("L3-4 and L4-5: mild canal stenosis.", "L3-L4 SCS=1; L4-L5 SCS=1"),
    ("Mild canal stenosis from L2-3 through L4-5.", "L2-L3 SCS=1; L3-L4 SCS=1; L4-L5 SCS=1"),
    ("L4-5: Facets: moderate bilateral arthropathy. Canal: no stenosis.", "L4-L5 RFA=2 LFA=2 SCS=0"),
    ("L4-5: mild bilateral facet joint degenerative changes.", "L4-L5 RFA=1 LFA=1"),
    ("L4-5: facet and ligamentum flavum hypertrophy, severe.", "L4-L5 RFA=3 LFA=3"),
    ("L4-5: moderate facet and ligamentum flavum hypertrophy.", "L4-L5 RFA=2 LFA=2"),
    ("L4-5: left foraminal stenosis due to severe facet arthropathy.", "L4-L5 LFS=P RFA=3 LFA=3"),
    ("L4-5: bilateral subarticular stenosis, severe on the right.", "L4-L5 RRS=3 LRS=P"),
    ("L4-5: mild bilateral lateral recess and foraminal narrowing.", "L4-L5 RRS=1 LRS=1 RFS=1 LFS=1"),
    ("L4-5: impingement of the left L5 nerve root in the lateral recess.", "L4-L5 LRS=P"),
    ("L4-5: contact with the exiting right L4 nerve root.", ""),
    (
        "L4-5: There is no evidence of spinal canal stenosis, lateral recess stenosis, or neural foraminal narrowing.",
        "L4-L5 SCS=0 RRS=0 LRS=0 RFS=0 LFS=0",
    ),
    ("L4-5: no disc herniation, canal stenosis or foraminal stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: no disc herniation but mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: no canal stenosis, mild left foraminal stenosis.", "L4-L5 SCS=0 LFS=1"),
    ("L4-5: no canal stenosis and mild left foraminal stenosis.", "L4-L5 SCS=0 LFS=1"),
    ("L4-5: mild right and no left foraminal narrowing.", "L4-L5 RFS=1 LFS=0"),
    ("L4-5: mild right foraminal narrowing without left foraminal narrowing.", "L4-L5 RFS=1 LFS=0"),
    ("L4-5: the foramina are not significantly narrowed.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: the canal is not narrowed.", "L4-L5 SCS=0"),
    (
        "L4-5: bulge resulting in mild narrowing of the central canal and moderate narrowing of both neural foramina.",
        "L4-L5 SCS=1 RFS=2 LFS=2",
    ),
    ("L4-5: bulge narrowing the canal moderately.", "L4-L5 SCS=2"),
    ("L4-5: bulge moderately narrows the spinal canal.", "L4-L5 SCS=2"),
    ("L4-5: bulge mildly narrows the right foramen.", "L4-L5 RFS=1"),
    ("L4-5: mild broad-based bulge, which encroaches on the left neural foramen.", "L4-L5 LFS=P"),
    ("L4-5: Mild-moderate BNFN. Mod SCS.", "L4-L5 RFS=2 LFS=2 SCS=2"),
    ("L4-5: mod R and sev L NFN. No CCS.", "L4-L5 RFS=2 LFS=3 SCS=0"),
    ("C5-6: severe canal stenosis. L4-5: mild canal stenosis.", "L4-L5 SCS=1"),
    ("MRI CERVICAL SPINE\nC5-C6: severe canal stenosis. No foraminal stenosis.", ""),
    ("MRI cervical spine. There is no spinal canal stenosis.", ""),
    ("MRI of the brain. No canal stenosis.", ""),
    (
        "CT LUMBAR SPINE\nThere is no canal stenosis.",
        "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=0; L5-S1 SCS=0",
    ),
    ("HISTORY: severe canal stenosis at L4-5.\nFINDINGS:\nL4-5: mild canal stenosis.", "L4-L5 SCS=1"),
    (
        "FINDINGS: L4-5: mild canal stenosis.\nIMPRESSION: Severe canal stenosis at L3-4.",
        "L4-L5 SCS=1; L3-L4 SCS=3",
    ),
    ("Upper lumbar levels: no stenosis.", "L1-L2 SCS=0 RFS=0 LFS=0; L2-L3 SCS=0 RFS=0 LFS=0"),
    (
        "L4-5: severe stenosis. The remaining levels are unremarkable.",
        "L4-L5 SCS=3; T12-L1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L5-S1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0",
    ),
    (
        "L4-5 shows mild canal stenosis. No canal stenosis elsewhere.",
        "L4-L5 SCS=1; T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L5-S1 SCS=0",
    ),
    ("L3-4: mild canal stenosis. L4-5: same as the level above.", "L3-L4 SCS=1; L4-L5 SCS=1"),
    ("L3-4: mild canal stenosis.\nL4-5: As at L3-4.", "L3-L4 SCS=1; L4-L5 SCS=1"),
    ("L4-5: canal stenosis is mild. Left foramen - severe. Right foramen - none.", "L4-L5 SCS=1 LFS=3 RFS=0"),
    ("L4-5: mild narrowing of the canal; foramina are clear.", "L4-L5 SCS=1 RFS=0 LFS=0"),
    ("L4-5: mild congenital narrowing of the canal.", "L4-L5 SCS=1"),
    ("L4-5: trefoil canal with mild stenosis.", "L4-L5 SCS=1"),
    (
        "L5-S1: Bilateral foraminal narrowing is seen, severe on the left and moderate on the right.",
        "L5-S1 RFS=2 LFS=3",
    ),
    ("L5-S1: moderate foraminal narrowing bilaterally.", "L5-S1 RFS=2 LFS=2"),
    ("L5-S1: foraminal narrowing is moderate bilaterally, right worse than left.", "L5-S1 RFS=2 LFS=2"),
    ("Bilateral L5-S1 foraminal stenosis, severe on the right and mild on the left.", "L5-S1 RFS=3 LFS=1"),
    ("L4-5: foraminal stenosis is present bilaterally, moderate in degree.", "L4-L5 RFS=2 LFS=2"),
    ("At L4-5, there is moderate canal stenosis. At L5-S1, none.", "L4-L5 SCS=2; L5-S1 SCS=0"),
    (
        "L4-5: Canal: mild stenosis. Foramina: patent. Recesses: patent. Facets: mild arthropathy.",
        "L4-L5 SCS=1 RFS=0 LFS=0 RRS=0 LRS=0 RFA=1 LFA=1",
    ),
    ("L4-5: mild bilateral facet arthropathy. No stenosis.", "L4-L5 RFA=1 LFA=1 SCS=0 RFS=0 LFS=0"),
    ("L4-5: Foraminal stenosis R: none, L: mild.", "L4-L5 RFS=0 LFS=1"),
    ("L4-5: R/L foraminal stenosis: severe/mild.", "L4-L5 RFS=3 LFS=1"),
    ("L4-5: Neural foramina R/L: moderate/mild.", "L4-L5 RFS=2 LFS=1"),
    ("L4-5: stensosis of the canal, moderate.", "L4-L5 SCS=2"),
    ("L4-5: mild neural foramnal narrowing on the left.", "L4-L5 LFS=1"),
    ("L4-5: severly narrowed canal.", "L4-L5 SCS=3"),
    ("L4-5: moderate bilateral foraminal stenois.", "L4-L5 RFS=2 LFS=2"),
    (
        "At the L4-L5 level there is a moderate-sized disc extrusion with severe central canal stenosis and moderate right-sided and mild left-sided neuroforaminal narrowing.",
        "L4-L5 SCS=3 RFS=2 LFS=1",
    ),
    ("At the level of L4-5 the spinal canal is moderately stenosed.", "L4-L5 SCS=2"),
    (
        "At L3-L4, L4-L5, and L5-S1 there is mild, moderate, and severe bilateral foraminal stenosis, respectively.",
        "L3-L4 RFS=1 LFS=1; L4-L5 RFS=2 LFS=2; L5-S1 RFS=3 LFS=3",
    ),
    (
        "The L4-L5 disc shows a bulge. This causes mild canal stenosis and moderate bilateral foraminal stenosis.",
        "L4-L5 SCS=1 RFS=2 LFS=2",
    ),
    ("Multilevel degenerative changes, worst at L4-5 where there is severe canal stenosis.", "L4-L5 SCS=3"),
    (
        "L2-L3: There is no disc herniation. There is no central canal stenosis. Neural foramina are patent bilaterally.",
        "L2-L3 SCS=0 RFS=0 LFS=0",
    ),
    ("L5-S1: The disc is normal. No canal stenosis.", "L5-S1 SCS=0"),
    ("L5-S1: Disc is normal. Facets normal.", "L5-S1 RFA=0 LFA=0"),
    ("L5-S1: Normal disc height.", ""),
    ("L5-S1: Normal alignment.", ""),
    (
        "L1-2, L2-3: normal.",
        "L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0",
    ),
    (
        "L1-2 through L3-4 are unremarkable.",
        "L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0",
    ),
    ("L3-4 is within normal limits.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    (
        "Conus terminates at L1-2 and is normal. No canal stenosis.",
        "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=0; L5-S1 SCS=0",
    ),
    ("The spinal canal is congenitally narrow with short pedicles.", ""),
    ("L4-5: spinal canal is borderline narrow.", "L4-L5 SCS=1"),
    (
        "L4-5: There is mild narrowing of the left and moderate narrowing of the right neural foramen.",
        "L4-L5 LFS=1 RFS=2",
    ),
    (
        "L4-5: The left neural foramen shows mild narrowing and the right neural foramen shows moderate narrowing.",
        "L4-L5 LFS=1 RFS=2",
    ),
    ("L4-5: Mild to moderate right, moderate to severe left foraminal stenosis.", "L4-L5 RFS=2 LFS=3"),
    (
        "L4-5: severe left and moderate to severe right neural foraminal stenosis with mild spinal canal stenosis.",
        "L4-L5 LFS=3 RFS=3 SCS=1",
    ),
    (
        "L4-5: Moderate spinal canal stenosis with severe left greater than right foraminal stenosis.",
        "L4-L5 SCS=2 RFS=3 LFS=3",
    ),
    (
        "L4-5: canal stenosis (moderate), foraminal stenosis (right mild, left severe).",
        "L4-L5 SCS=2 RFS=1 LFS=3",
    ),
    (
        "L4-5: canal stenosis, moderate; foraminal stenosis, right mild, left severe.",
        "L4-L5 SCS=2 RFS=1 LFS=3",
    ),
    (
        "L4-5: No significant central canal stenosis or neural foraminal narrowing is identified.",
        "L4-L5 SCS=0 RFS=0 LFS=0",
    ),
    ("L4-5: no evidence for canal stenosis.", "L4-L5 SCS=0"),
    (
        "L4-5: there is no significant canal or right foraminal stenosis; moderate left foraminal stenosis.",
        "L4-L5 SCS=0 RFS=0 LFS=2",
    ),
    ("L4-5: canal and right foramen patent; left foramen mildly narrowed.", "L4-L5 SCS=0 RFS=0 LFS=1"),
    ("L4-5: Canal patent. R NF patent. L NF mild narrowing.", "L4-L5 SCS=0 RFS=0 LFS=1"),
    (
        "L4-5: the disc bulge mildly effaces the thecal sac. Foramina are adequately maintained.",
        "L4-L5 RFS=0 LFS=0",
    ),
    ("L4-5: thecal sac is compressed.", ""),
    ("L4-5: severe compression of the thecal sac.", ""),
    ("L4-5: mild thecal sac narrowing.", "L4-L5 SCS=1"),
    ("L4-5: mild facet arthrosis and moderate canal stenosis.", "L4-L5 RFA=1 LFA=1 SCS=2"),
    ("L4-5: Moderate facet hypertrophy on the left.", "L4-L5 LFA=2"),
    ("L4-5: Bilateral facet arthropathy, severe on the right and mild on the left.", "L4-L5 RFA=3 LFA=1"),
    ("L4-5: Facet effusions. Facet joint cyst on the left.", ""),
    ("L4-5: no facet arthropathy.", "L4-L5 RFA=0 LFA=0"),
    ("L4-5: Both lateral recesses are severely narrowed.", "L4-L5 RRS=3 LRS=3"),
    ("L4-5: the traversing right L5 root is compressed in the lateral recess.", "L4-L5 RRS=P"),
    ("L4-5: crowding of the lateral recesses.", "L4-L5 RRS=P LRS=P"),
    ("L4-5: There may be mild right foraminal stenosis.", "L4-L5 RFS=1?"),
    ("L4-5: ? mild canal stenosis.", "L4-L5 SCS=1?"),
    ("L4-5: mild canal stenosis is questionable.", "L4-L5 SCS=1?"),
    ("L4-5: appears to be mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: no surgical-grade stenosis.", ""),
    ("L5-L6: severe canal stenosis.", ""),
    ("T11-T12: mild canal stenosis. T12-L1: no canal stenosis.", "T12-L1 SCS=0"),
    ("Findings: L4-5: mild canal stenosis.\nAddendum: the canal stenosis at L4-5 is severe.", "L4-L5 SCS=3"),
    (
        "Severe degenerative changes at L4-5 with moderate canal stenosis, mild right lateral recess stenosis and severe left foraminal stenosis.",
        "L4-L5 SCS=2 RRS=1 LFS=3",
    ),
    (
        "L4-L5: broad based disc bulge, facet arthropathy: moderate central canal stenosis, moderate bilateral foraminal narrowing",
        "L4-L5 RFA=P LFA=P SCS=2 RFS=2 LFS=2",
    ),
    ("L4-L5- mild canal stenosis", "L4-L5 SCS=1"),
    ("L4-L5 -- mild canal stenosis", "L4-L5 SCS=1"),
    (
        "L4-L5\nMild canal stenosis.\nModerate left foraminal stenosis.\nL5-S1\nNo canal stenosis.",
        "L4-L5 SCS=1 LFS=2; L5-S1 SCS=0",
    ),
    ("There is severe canal stenosis at L4-5, and moderate stenosis at L3-4.", "L4-L5 SCS=3; L3-L4 SCS=2"),
    (
        "Foraminal stenosis: L3-4 mild bilateral, L4-5 moderate right, L5-S1 severe left.",
        "L3-L4 RFS=1 LFS=1; L4-L5 RFS=2; L5-S1 LFS=3",
    ),
    (
        "Canal stenosis: L3-4 mild, L4-5 severe, others none.",
        "L3-L4 SCS=1; L4-L5 SCS=3; T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L5-S1 SCS=0",
    ),
    (
        "Mild canal stenosis at L3-4 and moderate at L4-5 with severe foraminal narrowing on the right at L5-S1.",
        "L3-L4 SCS=1; L4-L5 SCS=2; L5-S1 RFS=3",
    ),
    (
        "L3-4: mild canal stenosis. Foramina patent. L4-5: Findings similar to L3-4.",
        "L3-L4 SCS=1 RFS=0 LFS=0",
    ),
    (
        "The spinal canal and neural foramina are widely patent throughout.",
        "T12-L1 SCS=0 RFS=0 LFS=0; L1-L2 SCS=0 RFS=0 LFS=0; L2-L3 SCS=0 RFS=0 LFS=0; L3-L4 SCS=0 RFS=0 LFS=0; L4-L5 SCS=0 RFS=0 LFS=0; L5-S1 SCS=0 RFS=0 LFS=0",
    ),
    (
        "L4-5: mild to moderate facet arthropathy with mild central and moderate foraminal stenosis.",
        "L4-L5 RFA=2 LFA=2 SCS=1 RFS=2 LFS=2",
    ),
    ("L4-5: Narrowing of central canal: moderate. Narrowing of right foramen: mild.", "L4-L5 SCS=2 RFS=1"),
    ("L4-5: Patent spinal canal and neural foramina.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    (
        "L4-5: Spinal canal: Patent. Neural foramina: Patent on the right, moderately narrowed on the left.",
        "L4-L5 SCS=0 RFS=0 LFS=2",
    ),
    ("L4-5: moderate central stenosis. The right L4 foramen is severely narrowed.", "L4-L5 SCS=2 RFS=3"),
    ("L4-5: The central canal and both foramina are patent.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    (
        "L4-5: moderate canal narrowing with mild foraminal narrowing on both sides.",
        "L4-L5 SCS=2 RFS=1 LFS=1",
    ),
    (
        "The patient's MRI shows severe spinal stenosis at L4-5 and moderate stenosis at L3-4 with mild stenosis at L2-3.",
        "L4-L5 SCS=3; L3-L4 SCS=2; L2-L3 SCS=1",
    ),
    (
        "MRI of the lumbar spine reveals multilevel degenerative disc disease with moderate to severe central canal stenosis at L3-L4 and L4-L5.",
        "L3-L4 SCS=3; L4-L5 SCS=3",
    ),
    (
        "There is a small disc herniation at L5-S1 on the left without significant stenosis.",
        "L5-S1 SCS=0 RFS=0 LFS=0",
    ),
    (
        "The L3-4 level shows mild bilateral neural foraminal narrowing and the L4-5 level shows moderate right neural foraminal narrowing.",
        "L3-L4 RFS=1 LFS=1; L4-L5 RFS=2",
    ),
    (
        "At L4-5 there is a disc bulge eccentric to the left, with mild left and no right neural foraminal narrowing.",
        "L4-L5 LFS=1 RFS=0",
    ),
    (
        "At L5-S1, the disc bulge abuts the left S1 nerve root. The canal is patent. The right neural foramen is patent. The left is mildly to moderately narrowed.",
        "L5-S1 SCS=0 RFS=0 LFS=2",
    ),
    (
        "L3-L4: Circumferential disc bulge with ligamentum flavum and facet hypertrophy result in moderate spinal canal stenosis, moderate left and severe right foraminal stenosis.",
        "L3-L4 RFA=P LFA=P SCS=2 LFS=2 RFS=3",
    ),
    ("L2-3: no significant disc bulge or stenosis.", "L2-L3 SCS=0 RFS=0 LFS=0"),
    ("L2-3: Small bulge, no stenosis.", "L2-L3 SCS=0 RFS=0 LFS=0"),
    ("L2-3: No significant spinal canal or foraminal compromise.", "L2-L3 SCS=0 RFS=0 LFS=0"),
    (
        "L2-3: The spinal canal is of normal caliber and the foramina are widely patent.",
        "L2-L3 SCS=0 RFS=0 LFS=0",
    ),
    ("L2-3: Mild disc desiccation, otherwise normal.", "L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    (
        "L4-5: Central canal: moderate to severe stenosis. Left neural foramen: moderate stenosis. Right neural foramen: mild stenosis.",
        "L4-L5 SCS=3 LFS=2 RFS=1",
    ),
    ("L4-5: Spinal canal stenosis: None. Foraminal stenosis: Mild right.", "L4-L5 SCS=0 RFS=1"),
    ("L4-5 | canal: mild | foramina: right moderate, left patent", "L4-L5 SCS=1 RFS=2 LFS=0"),
    (
        "LEVEL\tCANAL\tR FORAMEN\tL FORAMEN\nL3-4\tmild\tpatent\tmild\nL4-5\tsevere\tmoderate\tmild to moderate",
        "L3-L4 SCS=1 RFS=0 LFS=1; L4-L5 SCS=3 RFS=2 LFS=2",
    ),
    (
        "Level | Canal | Foramina\nL3-4 | none | mild bilateral\nL4-5 | moderate | severe R, mild L",
        "L3-L4 SCS=0 RFS=1 LFS=1; L4-L5 SCS=2 RFS=3 LFS=1",
    ),
    (
        "FINDINGS:\nLumbar spine: L4-5: mild canal stenosis.\nCervical spine: C5-6: severe canal stenosis. Foramina are patent.",
        "L4-L5 SCS=1",
    ),
    ("L4-5: Moderate canal stenosis, similar to prior.", "L4-L5 SCS=2"),
    ("L4-5: Moderate canal stenosis, slightly worse compared to the prior study.", "L4-L5 SCS=2"),
    ("L4-5: Severe canal stenosis, increased from moderate on the prior exam.", "L4-L5 SCS=3"),
    (
        "L4-5: Stable moderate canal stenosis and mild bilateral foraminal narrowing compared to 2019.",
        "L4-L5 SCS=2 RFS=1 LFS=1",
    ),
    ("L4-5: On the prior study there was moderate canal stenosis; it is now severe.", "L4-L5 SCS=3"),
    ("L4-5: status post laminectomy. The canal is widely patent.", "L4-L5 SCS=0"),
    ("L4-5: interval decompression. No residual canal stenosis.", "L4-L5 SCS=0"),
    (
        "L4-5: Severe bilateral facet arthropathy with 4 mm of anterolisthesis results in severe central canal stenosis. Moderate to severe right and severe left foraminal stenosis.",
        "L4-L5 RFA=3 LFA=3 SCS=3 RFS=3 LFS=3",
    ),
    (
        "IMPRESSION:\n1. L4-5: severe central stenosis.\n2. L5-S1: moderate right foraminal stenosis.\n3. No foraminal stenosis elsewhere.",
        "L4-L5 SCS=3 RFS=0 LFS=0; L5-S1 RFS=2 LFS=0; T12-L1 RFS=0 LFS=0; L1-L2 RFS=0 LFS=0; L2-L3 RFS=0 LFS=0; L3-L4 RFS=0 LFS=0",
    ),
    (
        "The L4-5 and L5-S1 discs are desiccated. There is no canal stenosis at either level.",
        "L4-L5 SCS=0; L5-S1 SCS=0",
    ),
    (
        "L4-5: There is severe narrowing of the spinal canal and of the left lateral recess.",
        "L4-L5 SCS=3 LRS=3",
    ),
    ("L4-5: canal and lateral recess stenosis, moderate on the left.", "L4-L5 SCS=P LRS=2"),
    ("L4-5: mild spinal stenosis, foraminal stenosis left more than right.", "L4-L5 SCS=1 RFS=P LFS=P"),
    (
        "L4-5: moderate spinal canal stenosis. Neural foraminal narrowing: moderate left, mild right.",
        "L4-L5 SCS=2 LFS=2 RFS=1",
    ),
    ("L4-5: mild left, moderate right neuroforaminal stenosis.", "L4-L5 LFS=1 RFS=2"),
    ("L4-5: left mild and right moderate neuroforaminal stenosis.", "L4-L5 LFS=1 RFS=2"),
    ("L4-5: neuroforaminal stenosis: left mild, right moderate to severe.", "L4-L5 LFS=1 RFS=3"),
    (
        "L4-5: Moderate left neural foraminal narrowing, mild right neural foraminal narrowing.",
        "L4-L5 LFS=2 RFS=1",
    ),
    ("L4-5: high grade left foraminal stenosis with impingement of the exiting L4 root.", "L4-L5 LFS=3"),
    (
        "L4-5: no canal or left foraminal stenosis, but moderate right foraminal stenosis.",
        "L4-L5 SCS=0 LFS=0 RFS=2",
    ),
    (
        "L4-5: disc bulge without canal stenosis or foraminal narrowing. Mild facet arthropathy.",
        "L4-L5 SCS=0 RFS=0 LFS=0 RFA=1 LFA=1",
    ),
    (
        "Facet arthropathy: L3-4 mild, L4-5 moderate, L5-S1 severe.",
        "L3-L4 RFA=1 LFA=1; L4-L5 RFA=2 LFA=2; L5-S1 RFA=3 LFA=3",
    ),
    (
        "There is mild facet arthropathy from L2-3 to L4-5.",
        "L2-L3 RFA=1 LFA=1; L3-L4 RFA=1 LFA=1; L4-L5 RFA=1 LFA=1",
    ),
    (
        "Canal stenosis is present at L2-3 (mild), L3-4 (moderate) and L4-5 (severe).",
        "L2-L3 SCS=1; L3-L4 SCS=2; L4-L5 SCS=3",
    ),
    (
        "The spinal canal is narrowed at L3-4 and L4-5, mildly and severely respectively.",
        "L3-L4 SCS=1; L4-L5 SCS=3",
    ),
    (
        "Multilevel canal stenosis: mild L2-3, moderate L3-4, severe L4-5.",
        "L2-L3 SCS=1; L3-L4 SCS=2; L4-L5 SCS=3",
    ),
    (
        "No canal stenosis L1-2 to L3-4. Mild canal stenosis L4-5.",
        "L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=1",
    ),
    ("The canal is patent from T12-L1 through L3-4.", "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0"),
    (
        "The foramina are patent except at L5-S1, where the left is severely narrowed.",
        "T12-L1 RFS=0 LFS=0; L1-L2 RFS=0 LFS=0; L2-L3 RFS=0 LFS=0; L3-L4 RFS=0 LFS=0; L4-L5 RFS=0 LFS=0; L5-S1 LFS=3",
    ),
    ("L4-5: Canal stenosis, Schizas C.", "L4-L5 SCS=3"),
    ("L5-S1: right foramen Lee 2, left foramen Lee 1.", "L5-S1 RFS=2 LFS=1"),
    ("L4-5: The foramina are both mildly narrowed.", "L4-L5 RFS=1 LFS=1"),
    (
        "L4-5: there is narrowing of both neural foramina, right worse than left, moderate on the right.",
        "L4-L5 RFS=2 LFS=P",
    ),
    ("L4-5: foraminal narrowing, right > left.", "L4-L5 RFS=P LFS=P"),
    (
        "L4-5: the spinal canal is severely, and the lateral recesses moderately, narrowed.",
        "L4-L5 SCS=3 RRS=2 LRS=2",
    ),
    ("L4-5: bilateral moderate foraminal and mild canal stenosis.", "L4-L5 RFS=2 LFS=2 SCS=1"),
    (
        "L4-5: mild bilateral foraminal, moderate canal and severe left lateral recess stenosis.",
        "L4-L5 RFS=1 LFS=1 SCS=2 LRS=3",
    ),
    (
        "L4-5: normal. L5-S1: normal except for mild facet arthropathy.",
        "L4-L5 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L5-S1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=1 LFA=1",
    ),
    ("L4-5: no stenosis of the canal. Foramina: R clear; L moderate stenosis.", "L4-L5 SCS=0 RFS=0 LFS=2"),
    ("L4-5: borderline canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: minimal if any canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: mild if any foraminal narrowing.", "L4-L5 RFS=1 LFS=1"),
    ("L4-5: the canal is mildly compromised.", "L4-L5 SCS=1"),
    ("L4-5: relative canal stenosis.", "L4-L5 SCS=P"),
    ("L4-5: compromise of the right exit foramen.", "L4-L5 RFS=P"),
    ("L4-5: Canal - mod stenosis; RNF - mild; LNF - sev", "L4-L5 SCS=2 RFS=1 LFS=3"),
    ("L4-5: can mild, for patent", ""),
    ("L4-5: moderate central canal stenosis AP diameter 7 mm.", "L4-L5 SCS=2"),
    (
        "The L4-L5 foramina are moderately narrowed bilaterally. The L5-S1 foramina are patent.",
        "L4-L5 RFS=2 LFS=2; L5-S1 RFS=0 LFS=0",
    ),
    ("Right L4-5 and left L5-S1 foraminal stenosis.", "L4-L5 RFS=P; L5-S1 LFS=P"),
    ("L4-5: Given the degenerative changes, there is moderate canal stenosis.", "L4-L5 SCS=2"),
    ("L4-5: severe multifidus atrophy and canal stenosis.", "L4-L5 SCS=P"),
    ("L4-5: Severe endplate irregularity. Canal patent.", "L4-L5 SCS=0"),
    ("L4-5: The canal is tight.", "L4-L5 SCS=P"),
    ("L4-5: The canal is mildly constricted.", "L4-L5 SCS=1"),
    ("L4-5: canal caliber is mildly reduced.", "L4-L5 SCS=1"),
    ("L4-5: moderate reduction in canal caliber.", "L4-L5 SCS=2"),
    ("L4-5: central canal diameter is reduced.", "L4-L5 SCS=P"),
    ("L4-5: foraminal encroachment bilaterally, moderate.", "L4-L5 RFS=2 LFS=2"),
    ("L4-5: foramina are free of encroachment.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: no compromise of the canal or foramina.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: no canal or foraminal compromise.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: the exit foramina are unremarkable.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: Left exit foramen narrowing, mild.", "L4-L5 LFS=1"),
    ("L4-5: the L4 foramina are patent.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: the canal is widely patent and the foramina are clear bilaterally.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: moderate central canal stenosis; foramina: right: mild; left: severe.", "L4-L5 SCS=2 RFS=1 LFS=3"),
    ("L4-5: Right lateral recess: severe. Left lateral recess: mild.", "L4-L5 RRS=3 LRS=1"),
    ("L4-5: Lateral recesses narrowed bilaterally.", "L4-L5 RRS=P LRS=P"),
    ("L4-5: mild hypertrophic facet changes.", "L4-L5 RFA=1 LFA=1"),
    ("L4-5: moderate degenerative changes of the facet joints.", "L4-L5 RFA=2 LFA=2"),
    ("L4-5: mild left facet joint osteoarthritis.", "L4-L5 LFA=1"),
    ("L4-5: facet joints are normal.", "L4-L5 RFA=0 LFA=0"),
    ("L4-5: no facet arthrosis on the right; moderate facet arthrosis on the left.", "L4-L5 RFA=0 LFA=2"),
    ("L4-5: Moderate degree of canal stenosis.", "L4-L5 SCS=2"),
    ("L4-5: canal stenosis of moderate degree.", "L4-L5 SCS=2"),
    ("L4-5: canal stenosis, moderate to severe in degree.", "L4-L5 SCS=3"),
    ("L4-5: spinal stenosis which is moderate.", "L4-L5 SCS=2"),
    ("L4-5: There is spinal stenosis that is moderate to severe.", "L4-L5 SCS=3"),
    ("L4-5: there's mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: Disc bulge producing moderate right foraminal stenosis.", "L4-L5 RFS=2"),
    ("L4-5: disc bulge and facet arthropathy contribute to moderate bilateral foraminal narrowing.", "L4-L5 RFA=P LFA=P RFS=2 LFS=2"),
    ("L4-5: Combination of findings results in severe canal stenosis.", "L4-L5 SCS=3"),
    ("L4-5: This combines with facet hypertrophy to produce moderate central canal stenosis.", "L4-L5 RFA=P LFA=P SCS=2"),
    ("L4-5: canal stenosis - moderate, right foraminal stenosis - mild, left foraminal stenosis - none.", "L4-L5 SCS=2 RFS=1 LFS=0"),
    ("L4-5: Canal=moderate; RNF=mild; LNF=severe.", "L4-L5 SCS=2 RFS=1 LFS=3"),
    ("L4-5 canal moderate foramina mild bilaterally", "L4-L5 SCS=2 RFS=1 LFS=1"),
    ("L4-5 moderate canal stenosis mild right foraminal stenosis left foramen patent", "L4-L5 SCS=2 RFS=1 LFS=0"),
    ("There is no significant spinal canal or neural foraminal stenosis at L1-L2, L2-L3 or L3-L4.", "L1-L2 SCS=0 RFS=0 LFS=0; L2-L3 SCS=0 RFS=0 LFS=0; L3-L4 SCS=0 RFS=0 LFS=0"),
    ("No canal stenosis at L1-2. Mild at L2-3. Moderate at L3-4.", "L1-L2 SCS=0; L2-L3 SCS=1; L3-L4 SCS=2"),
    ("Mild central canal stenosis at L2-3, increasing to moderate at L3-4 and severe at L4-5.", "L2-L3 SCS=1; L3-L4 SCS=2; L4-L5 SCS=3"),
    ("The canal narrows to a severe degree at L4-5.", "L4-L5 SCS=3"),
    ("Severe stenosis of the spinal canal is present at L3-L4 and L4-L5.", "L3-L4 SCS=3; L4-L5 SCS=3"),
    ("L4-5: severe spinal canal stenosis with bilateral lateral recess stenosis.", "L4-L5 SCS=3 RRS=P LRS=P"),
    ("L4-5: severe canal and moderate bilateral foraminal narrowing.", "L4-L5 SCS=3 RFS=2 LFS=2"),
    ("L4-5: canal and foraminal narrowing, mild and moderate respectively.", "L4-L5 SCS=1 RFS=2 LFS=2"),
    ("L4-5: the left foramen is severely narrowed with compression of the exiting L4 nerve root. The right foramen is normal.", "L4-L5 LFS=3 RFS=0"),
    ("L4-5: mild foraminal stenosis, more on the right.", "L4-L5 RFS=1 LFS=1"),
    ("L4-5: mild foraminal stenosis right more than left.", "L4-L5 RFS=1 LFS=1"),
    ("L4-5: stable, no canal stenosis.", "L4-L5 SCS=0"),
    ("L4-5: Unchanged. Mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: Previously seen canal stenosis is unchanged and remains moderate.", "L4-L5 SCS=2"),
    ("L4-5: compared with the prior, mild canal stenosis is now moderate.", "L4-L5 SCS=2"),
    ("L4-5: no longer any canal stenosis.", "L4-L5 SCS=0"),
    ("L4-5: moderate canal stenosis has improved, now mild.", "L4-L5 SCS=1"),
    ("L4-5: improvement in canal stenosis, which is now mild.", "L4-L5 SCS=1"),
    ("L4-5: canal stenosis is suspected but not definite.", "L4-L5 SCS=P?"),
    ("L4-5: mild canal stenosis versus artifact.", "L4-L5 SCS=1?"),
    ("L4-5: probably mild canal stenosis.", "L4-L5 SCS=1?"),
    ("L4-5: foramina difficult to assess because of hardware.", ""),
    ("L4-5: evaluation of the canal is limited by artifact.", ""),
    ("L4-5: foramina obscured by metal artifact. Canal patent.", "L4-L5 SCS=0"),
    ("Lumbar spine MRI. L1-L2 normal. L2-L3 mild bulge, no stenosis.", "L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0"),
    ("L3-L4: Nothing of note.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("L3-L4: No abnormality.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("L3-L4: Clear.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("L3-L4 looks fine.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("The L3-L4 level is unremarkable.", "L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("The L3-L4 disc is unremarkable.", ""),
    ("The levels from T12-L1 to L2-L3 are normal.", "T12-L1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("Other levels show no stenosis. L4-5: severe canal stenosis.", "L4-L5 SCS=3; T12-L1 SCS=0 RFS=0 LFS=0; L1-L2 SCS=0 RFS=0 LFS=0; L2-L3 SCS=0 RFS=0 LFS=0; L3-L4 SCS=0 RFS=0 LFS=0; L5-S1 SCS=0 RFS=0 LFS=0"),
    ("Severe degenerative disc disease at L5-S1. There is no canal stenosis at any level.", "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L4-L5 SCS=0; L5-S1 SCS=0"),
    ("Neural foramina: widely patent at all levels except for moderate left narrowing at L5-S1.", "T12-L1 RFS=0 LFS=0; L1-L2 RFS=0 LFS=0; L2-L3 RFS=0 LFS=0; L3-L4 RFS=0 LFS=0; L4-L5 RFS=0 LFS=0; L5-S1 LFS=2 RFS=0"),
    ("L4-5: canal and left foramen moderately narrowed, right foramen clear.", "L4-L5 SCS=2 LFS=2 RFS=0"),
    ("L4-5: neither foramen is narrowed.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: neither lateral recess is narrowed, but the canal is mildly stenotic.", "L4-L5 RRS=0 LRS=0 SCS=1"),
    ("L3-4 and L4-5 have mild and moderate canal stenosis respectively; foramina are patent at both levels.", "L3-L4 SCS=1 RFS=0 LFS=0; L4-L5 SCS=2 RFS=0 LFS=0"),
    ("L4-5: mild canal stenosis. L5-S1: ditto.", "L4-L5 SCS=1; L5-S1 SCS=1"),
    ("L4-5: moderate right foraminal stenosis. Left: same.", "L4-L5 RFS=2 LFS=2"),
    ("L4-5: severe left foraminal stenosis. The right is unaffected.", "L4-L5 LFS=3 RFS=0"),
    ("L4-5: severe left foraminal stenosis, with the right spared.", "L4-L5 LFS=3 RFS=0"),
    ("L4-5: foraminal stenosis, left severe, right spared.", "L4-L5 LFS=3 RFS=0"),
    ("L4-5: No more than mild canal stenosis, but at least moderate left foraminal stenosis.", "L4-L5 SCS=0 LFS=2"),
    ("L4-5: no canal stenosis; facet arthropathy moderate.", "L4-L5 SCS=0 RFA=2 LFA=2"),
    ("L4-5: facet arthropathy, moderate on the left, with mild left foraminal stenosis.", "L4-L5 LFA=2 LFS=1"),
    ("L4-5: facet arthropathy is severe, causing moderate foraminal stenosis bilaterally.", "L4-L5 RFA=3 LFA=3 RFS=2 LFS=2"),
    ("L4-5: severe facet arthropathy but only mild canal stenosis.", "L4-L5 RFA=3 LFA=3 SCS=1"),
    ("L4-5: severe facet arthropathy with no resulting canal stenosis.", "L4-L5 RFA=3 LFA=3 SCS=0"),
    ("L4-5: there is severe disc height loss and facet arthropathy.", "L4-L5 RFA=P LFA=P"),
    ("L4-5: moderate disc bulge and canal stenosis.", "L4-L5 SCS=P"),
    ("L4-5: mild disc bulge, canal stenosis and foraminal narrowing.", "L4-L5 SCS=P RFS=P LFS=P"),
    ("L4-5: mild bulge. Canal: ok. Foramina: ok.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: moderate bulge and mild stenosis of the canal.", "L4-L5 SCS=1"),
    ("L4-5: severe spondylosis. No stenosis.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("L4-5: the disc bulge is moderate and the canal is mildly narrowed.", "L4-L5 SCS=1"),
    ("L4-5: disc bulge, moderate; canal stenosis, mild.", "L4-L5 SCS=1"),
    ("L4-5: bulge (moderate), canal stenosis (mild), facet arthropathy (severe).", "L4-L5 SCS=1 RFA=3 LFA=3"),
    ("L4-5: canal stenosis but no foraminal stenosis.", "L4-L5 SCS=P RFS=0 LFS=0"),
    ("L4-5: canal stenosis is not severe.", "L4-L5 SCS=P"),
    ("L4-5: no severe or moderate foraminal stenosis.", "L4-L5 RFS=0 LFS=0"),
    ("L4-5: canal stenosis, not severe.", "L4-L5 SCS=P"),
    ("L4-5: Without significant canal stenosis. Mild right neural foraminal stenosis.", "L4-L5 SCS=0 RFS=1"),
    ("No central or foraminal stenosis is seen at L3-4. At L4-5 there is moderate central stenosis.", "L3-L4 SCS=0 RFS=0 LFS=0; L4-L5 SCS=2"),
    ("Severe central stenosis at L3-4 without foraminal stenosis. Foraminal stenosis at L4-5 on the right, moderate.", "L3-L4 SCS=3 RFS=0 LFS=0; L4-L5 RFS=2"),
    ("Moderate foraminal stenosis right L4-5, left L5-S1.", "L4-L5 RFS=2; L5-S1 LFS=2"),
    ("Foraminal stenosis right L4-5 (moderate), left L5-S1 (severe).", "L4-L5 RFS=2; L5-S1 LFS=3"),
    ("L4-5 right foraminal stenosis severe, left mild.", "L4-L5 RFS=3 LFS=1"),
    ("L4-5 and L5-S1: foraminal stenosis, mild and severe, respectively.", "L4-L5 RFS=1 LFS=1; L5-S1 RFS=3 LFS=3"),
    ("The L4-5 canal is moderately and the L5-S1 canal mildly narrowed.", "L4-L5 SCS=2; L5-S1 SCS=1"),
    ("The canal at L4-5 is moderately narrowed, that at L3-4 mildly.", "L4-L5 SCS=2; L3-L4 SCS=1"),
    ("The worst level is L4-5 with severe canal stenosis; L3-4 is moderate and L2-3 mild.", "L4-L5 SCS=3; L3-L4 SCS=2; L2-L3 SCS=1"),
    ("Canal stenosis: severe L4-5, moderate L3-4, mild L2-3, none elsewhere.", "L4-L5 SCS=3; L3-L4 SCS=2; L2-L3 SCS=1; T12-L1 SCS=0; L1-L2 SCS=0; L5-S1 SCS=0"),
    ("Mild canal stenosis at L3-4 only.", "L3-L4 SCS=1"),
    ("Apart from L4-5, where there is mild canal stenosis, the canal is patent throughout.", "L4-L5 SCS=1; T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0; L5-S1 SCS=0"),
    ("All levels except L4-5 are normal.", "T12-L1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L1-L2 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L2-L3 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L3-L4 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0; L5-S1 SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"),
    ("L4-5: Mild right, moderate left lateral recess stenosis. Foramina: mild bilateral stenosis.", "L4-L5 RRS=1 LRS=2 RFS=1 LFS=1"),
    ("L4-5: disc protrusion into the left lateral recess with compression of the L5 root.", ""),
    ("L4-5: protrusion into the right foramen, moderately narrowing it.", "L4-L5 RFS=2"),
    ("L4-5: disc material fills the left lateral recess.", ""),
    ("L4-5: left foraminal disc extrusion with severe narrowing of the foramen.", "L4-L5 LFS=3"),
    ("L4-5: far lateral disc protrusion on the left contacts the exiting root outside the foramen.", ""),
    ("L4-5: mild to moderate left, and mild right, foraminal narrowing.", "L4-L5 LFS=2 RFS=1"),
    ("L4-5: left greater than right lateral recess stenosis, moderate.", "L4-L5 RRS=2 LRS=2"),
    ("L4-5: bilateral foraminal stenosis (L>R), severe.", "L4-L5 RFS=3 LFS=3"),
    ("L4-5: bilateral foraminal stenosis, severe left.", "L4-L5 LFS=3 RFS=P"),
    ("L4-5: central stenosis mild, foraminal stenosis right none left mild.", "L4-L5 SCS=1 RFS=0 LFS=1"),
    ("L4-5: mild-to-moderate central stenosis w/ mod R and mild L foraminal stenosis, b/l facet DJD.", "L4-L5 SCS=2 RFS=2 LFS=1 RFA=P LFA=P"),
    ("L4-5: Compared to 2019, when it was mild, the canal stenosis is now severe.", "L4-L5 SCS=3"),
    ("L4-5: canal stenosis was mild and is now moderate.", "L4-L5 SCS=2"),
    ("L4-5: The previously described severe canal stenosis is no longer present.", "L4-L5 SCS=0"),
    ("L4-5: Residual moderate canal stenosis after decompression.", "L4-L5 SCS=2"),
    ("L4-5: Decompressed canal, now widely patent.", "L4-L5 SCS=0"),
    ("L4-5: mild canal stenosis (previously moderate).", "L4-L5 SCS=1"),
    ("L4-5: mild canal stenosis, unchanged from 2018; moderate left foraminal stenosis, new.", "L4-L5 SCS=1 LFS=2"),
    # grades with levels before one noun, vertebrae, sides after semicolons, brackets and keys
    ("Mild L3-4 and moderate L4-5 central stenosis.", "L3-L4 SCS=1; L4-L5 SCS=2"),
    ("Mild right L2-3, moderate right L3-4 and severe right L4-5 foraminal narrowing.", "L2-L3 RFS=1; L3-L4 RFS=2; L4-L5 RFS=3"),
    ("The right L5 foramen is severely stenosed, the left L5 foramen only minimally.", "L5-S1 RFS=3 LFS=1"),
    ("L5-S1: Moderate narrowing of the right exit foramen. Probable mild narrowing of the left.", "L5-S1 RFS=2 LFS=1?"),
    ("L4-5: The left lateral recess is obliterated by the cyst; the right is moderately narrowed.", "L4-L5 LRS=3 RRS=2"),
    ("L5-S1: Foramina: R [moderate to severe narrowing] L [moderate narrowing].", "L5-S1 RFS=3 LFS=2"),
    ("No foraminal stenosis at L2/3-L4/5.", "L2-L3 RFS=0 LFS=0; L3-L4 RFS=0 LFS=0; L4-L5 RFS=0 LFS=0"),
    ("Left foramina: Patent at L3-L4. Moderate stenosis at L4-L5 and severe at L5-S1.", "L3-L4 LFS=0; L4-L5 LFS=2; L5-S1 LFS=3"),
    ("In L4-L5 median hernia. Moderate stenosis of the vertebral canal; left lateral recess severely stenotic.", "L4-L5 SCS=2 LRS=3"),
    ("L4-5: Foramina: mild bilateral narrowing.\nL1-2: no significant stenosis.", "L4-L5 RFS=1 LFS=1; L1-L2 SCS=0 RFS=0 LFS=0"),
    ("L3-4: moderate canal stenosis. L4-5: as above.", "L3-L4 SCS=2; L4-L5 SCS=2"),
    ("Canal and foraminal appearances at L4/5 are normal.", "L4-L5 SCS=0 RFS=0 LFS=0"),
    ("Prominent epidural fat at L5-S1. No canal stenosis.", "L5-S1 SCS=0"),
    ("L4-5: The R) foramen is mildly narrowed, L) foramen patent.", "L4-L5 RFS=1 LFS=0"),
]
KNOWN_FAILURES = [
    ("L4-5: mild canal stenosis at most.", "L4-L5 SCS=0"),
    ("Patient has known severe L4-5 stenosis. MRI shows mild canal stenosis at L4-5.", "L4-L5 SCS=1"),
    ("L4-5: The right is more affected than the left with moderate foraminal stenosis.", "L4-L5 RFS=2 LFS=2"),
    ("Clinical: severe canal stenosis L4-5. L4-5: mild canal stenosis.", "L4-L5 SCS=1"),
    ("L4-5: questionable mild right and definite moderate left foraminal narrowing.", "L4-L5 RFS=1? LFS=2"),
    (
        "L4-L5 level: Central canal stenosis is severe, as is the left foraminal stenosis.",
        "L4-L5 SCS=3 LFS=3",
    ),
    (
        "L4-5: Stenosis: central mild, right foraminal moderate, left foraminal none.",
        "L4-L5 SCS=1 RFS=2 LFS=0",
    ),
    (
        "Mild (L2-3), moderate (L3-4) and severe (L4-5) canal stenosis.",
        "L2-L3 SCS=1; L3-L4 SCS=2; L4-L5 SCS=3",
    ),
    ("Right L4-5 and left L5-S1 foraminal stenosis, both moderate.", "L4-L5 RFS=2; L5-S1 LFS=2"),
]
# fmt: on


def value(grade: LevelGrade) -> str:
    doubt = "?" if grade.certainty is Certainty.UNCERTAIN else ""
    if grade.grade is not None:
        return f"{grade.grade}{doubt}"
    return ("N" if grade.interval == Interval(0, 2) else "P") + doubt


def cells(text: str) -> set[str]:
    return {f"{grade.level} {grade.code}={value(grade)}" for grade in label_text(text).grades}


def expected(words: str) -> set[str]:
    found = set()
    for level in filter(None, map(str.strip, words.split(";"))):
        name, *codes = level.split()
        found |= {f"{name} {code}" for code in codes}
    return found


@pytest.mark.parametrize(("text", "words"), SENTENCES, ids=[text[:70] for text, _ in SENTENCES])
def test_sentence(text: str, words: str) -> None:
    assert cells(text) == expected(words)


@pytest.mark.parametrize(("text", "words"), KNOWN_FAILURES, ids=[text[:70] for text, _ in KNOWN_FAILURES])
@pytest.mark.xfail(strict=True, reason="not read yet")
def test_known_failure(text: str, words: str) -> None:
    assert cells(text) == expected(words)


GRIDS = [
    (
        "Legend: 0 = none, 1 = mild, 2 = moderate, 3 = severe.\n\n| Level | CC | RF |\n|---|---|---|\n| L1-L2 | 0 | 1 |\n| L2-L3 | 3 | 2 |",
        "L1-L2 SCS=0 RFS=1; L2-L3 SCS=3 RFS=2",
    ),
    (
        "LEVEL | CANAL | R FORAMEN | L FORAMEN\nL3-4 | nl | patent | mild\nL4-5 | severe | moderate | mild-mod",
        "L3-L4 SCS=0 RFS=0 LFS=1; L4-L5 SCS=3 RFS=2 LFS=2",
    ),
    (
        "         | L3-4   | L4-5\nCanal    | normal | severe\nLeft foramen | mild   | moderate",
        "L3-L4 SCS=0 LFS=1; L4-L5 SCS=3 LFS=2",
    ),
    (
        "level\tcanal\tRNF\tLNF\nL3-4\tmild\t-\tmild\nL4-5\tsevere\tmild\tmoderate",
        "L3-L4 SCS=1 LFS=1; L4-L5 SCS=3 RFS=1 LFS=2",
    ),
    (
        "Level    Canal    Foramina\nL3-4     mild     patent\nL4-5     severe   mild bilateral",
        "L3-L4 SCS=1 RFS=0 LFS=0; L4-L5 SCS=3 RFS=1 LFS=1",
    ),
    (
        "| Level | Central stenosis | Facets |\n|---|---|---|\n| L3-4 | none | mild R, severe L |\n| L4-5 | moderate | - |",
        "L3-L4 SCS=0 RFA=1 LFA=3; L4-L5 SCS=2",
    ),
]


@pytest.mark.parametrize(("text", "words"), GRIDS)
def test_grid(text: str, words: str) -> None:
    assert cells(text) == expected(words)
